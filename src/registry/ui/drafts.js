// What was typed and not saved yet, by key: it survives a look elsewhere and a reload.

const kPrefix = "cluster-lab-draft:";

/** {text, index}: `index` is the ModifyIndex of the value that it started from; 0: there was none. */
export function draftOf(key) {
  try {
    return JSON.parse(sessionStorage.getItem(kPrefix + key));
  } catch {
    return null;
  }
}

export function keepDraft(key, draft) {
  try {
    sessionStorage.setItem(kPrefix + key, JSON.stringify(draft));
  } catch {
    // Without room, or forbidden: it stays in its text box as long as that is shown.
  }
}

export function dropDraft(key) {
  try {
    sessionStorage.removeItem(kPrefix + key);
  } catch {
    // As above.
  }
}
