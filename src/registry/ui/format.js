// Values as words. Pure.

/** 5 -> "5 s", 150 -> "2 min", 4000 -> "1 h 6 min", 200000 -> "2 d 7 h". */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** 1 -> "1 node", 3 -> "3 nodes". */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** ["a", "b", "c"] -> "a, b and c". */
export function list(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** The same sentence with a capital letter, and without a full stop. */
export function sentence(text) {
  const trimmed = text.trim().replace(/\.$/, "");
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}

const collator = new Intl.Collator("en", { numeric: true });

/** For sort(): pi-2 before pi-10. */
export function byName(left, right) {
  return collator.compare(left.name, right.name);
}
