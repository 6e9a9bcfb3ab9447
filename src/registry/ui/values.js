// Values of keys and payloads of events: bytes, and text where they are text. Pure.

const kShownBytes = 128;
const kBytesInLine = 8; // as many as a phone has room for
const kNotText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Base64, or null for an empty value, as Consul tells it. */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64 ?? ""), (letter) => letter.charCodeAt(0));
}

/** The text that the bytes are, exactly; null: they are none. */
export function textOf(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return kNotText.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** A text box knows "\n" only: "\r\n", "\n", or null where the text has both, or a lone "\r". */
export function lineEndOf(text) {
  if (!text.includes("\r")) return "\n";
  return /\r(?!\n)|(?<!\r)\n/.test(text) ? null : "\r\n";
}

/** The first bytes, as pairs of digits. */
export function hexOf(bytes) {
  const pairs = Array.from(bytes.slice(0, kShownBytes), (byte) => byte.toString(16).padStart(2, "0"));
  const lines = [];
  for (let start = 0; start < pairs.length; start += kBytesInLine) {
    lines.push(pairs.slice(start, start + kBytesInLine).join(" "));
  }
  return lines.join("\n") + (bytes.length > kShownBytes ? "\n…" : "");
}

/** 5 -> "5 bytes", 2048 -> "2.0 KiB". */
export function sizeText(length) {
  if (length < 1024) return `${length} byte${length === 1 ? "" : "s"}`;
  return `${(length / 1024).toFixed(1)} KiB`;
}
