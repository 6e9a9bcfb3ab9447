// The key/value store: #/kv/FOLDER/ and #/kv/KEY.

import { askAccess } from "./access.js";
import { Folder } from "./kv_folder.js";
import { Key } from "./kv_key.js";

export function kvView({ path, leaf }) {
  const isFolder = !leaf && (path === "" || path.endsWith("/"));
  const view = isFolder ? new Folder(path) : new Key(path);
  askAccess().then((access) => view.allow(access));
  return view;
}
