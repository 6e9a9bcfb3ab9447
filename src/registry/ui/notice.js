// One line that says what is wrong in a view, where it is wrong.

import { inWords } from "./api.js";
import { el, setText } from "./dom.js";
import { sentence } from "./format.js";

export class Notice {
  element = el("p", { class: "trouble", role: "alert", hidden: true });

  /** `consequence`: what that means for what is shown. */
  failed(error, consequence = "") {
    this.say(`${sentence(inWords(error))}.${consequence ? ` ${consequence}` : ""}`);
  }

  say(text) {
    this.element.hidden = false;
    setText(this.element, text);
  }

  clear() {
    this.element.hidden = true;
    setText(this.element, "");
  }
}
