// One key of the store: reading and changing it. Nobody's change is overwritten unseen: each change
// names the ModifyIndex that it is about.

import { ask, Refused } from "./api.js";
import { encodedPath } from "./router.js";
import { bytesOf } from "./values.js";

/** Consul's limit for a value. */
export const kLargestValue = 512 * 1024;

export function keyUrl(key) {
  return `/v1/kv/${encodedPath(key)}`;
}

/** {bytes, flags, index, session} of an answer of GET /v1/kv/KEY; null: there is no such key. Pure. */
export function valueOf(answer) {
  const entry = answer?.[0];
  if (!entry) return null;
  return { bytes: bytesOf(entry.Value), flags: entry.Flags, index: entry.ModifyIndex, session: entry.Session ?? "" };
}

export async function readKey(key) {
  const { data } = await ask(keyUrl(key), { optional: true });
  return valueOf(data);
}

/** False: it is no longer as it was at `index` (0: it was not there). */
export async function putKey(key, text, { index, flags = 0 }) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > kLargestValue) {
    throw new Refused(413, `The value has ${bytes.length} bytes, at most ${kLargestValue} are taken`);
  }
  const { data } = await ask(`${keyUrl(key)}?cas=${index}&flags=${flags}`, { method: "PUT", body: bytes });
  return data;
}

/** False: as above. */
export async function deleteKey(key, index) {
  const { data } = await ask(`${keyUrl(key)}?cas=${index}`, { method: "DELETE" });
  return data;
}
