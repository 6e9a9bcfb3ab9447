// Elements without markup in text: data only ever becomes text or an attribute.

const kSvg = "http://www.w3.org/2000/svg";

/** el("button", {class: "quiet", onclick: save}, "Save"). An attribute that is null or false is left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

/** A shape of index.html: "good", "warning", "bad", "busy", "leader". */
export function shape(name) {
  const svg = document.createElementNS(kSvg, "svg");
  svg.setAttribute("class", "shape");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(kSvg, "use");
  use.setAttribute("href", `#shape-${name}`);
  svg.append(use);
  return svg;
}

/** A live region speaks on every write, also of the same words; a selection is lost by it. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** For a screen reader: what happened. */
export function announce(text) {
  setText(document.getElementById("announcement"), text);
}

/** The children of an element, kept by key, so that only what changed moves and the focus stays. */
export class KeyedList {
  #container;
  #make;
  #fill;
  #entries = new Map(); // key -> {element, told}

  /** make(item) -> element; fill(element, item) when the item is new or has changed. */
  constructor(container, make, fill) {
    this.#container = container;
    this.#make = make;
    this.#fill = fill;
  }

  get size() { return this.#entries.size; }

  show(items, keyOf) {
    const first = this.#entries.size === 0;
    const alive = new Set(items.map(keyOf));
    for (const [key, { element }] of this.#entries) {
      if (alive.has(key)) continue;
      element.remove();
      this.#entries.delete(key);
    }
    items.forEach((item, position) => {
      const element = this.#elementOf(keyOf(item), item, first);
      const there = this.#container.children[position];
      if (there !== element) this.#container.insertBefore(element, there ?? null);
    });
  }

  #elementOf(key, item, first) {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { element: this.#make(item), told: "" };
      entry.element.classList.toggle("new", !first);
      this.#entries.set(key, entry);
    }
    const told = JSON.stringify(item);
    if (entry.told !== told) this.#fill(entry.element, item);
    entry.told = told;
    return entry.element;
  }
}
