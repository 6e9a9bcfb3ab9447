// Whether this page may change anything: the node decides by where the request comes from.

import { ask } from "./api.js";

const kWithoutReason = "Changes are taken on a node itself, or from the cluster link.";

/** {mayWrite, why}; where the node cannot tell: no. */
export async function askAccess() {
  try {
    const { data } = await ask("/cluster/v1/access", { optional: true });
    return { mayWrite: data?.may_write === true, why: data?.why || kWithoutReason };
  } catch {
    return { mayWrite: false, why: kWithoutReason };
  }
}
