// The address bar's fragment: #/VIEW/PATH. Pure.

const kViews = ["nodes", "services", "kv", "events", "history"];

/**
 * "#/kv/a/b%20c" -> {view: "kv", path: "a/b c", leaf: false}; what is unknown is the nodes. A path that
 * ends with a slash is a folder, but for a leaf: "#/kv/a/?" is the key "a/".
 */
export function parseRoute(fragment) {
  const leaf = fragment.endsWith("/?");
  const [view, ...rest] = fragment.replace(/^#?\/?/, "").replace(/\?$/, "").split("/");
  if (!kViews.includes(view)) return { view: kViews[0], path: "", leaf: false };
  return { view, path: rest.map(decoded).join("/"), leaf };
}

/** The opposite; slashes of the path stay. */
export function routeOf(view, path = "", { leaf = false } = {}) {
  const mark = leaf && path.endsWith("/") ? "?" : "";
  return `#/${view}${path ? `/${encodedPath(path)}` : ""}${mark}`;
}

/** Percent-encodes all but the slashes. */
export function encodedPath(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
