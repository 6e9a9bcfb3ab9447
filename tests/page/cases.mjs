// Runs cases one after the other and counts them, as every test of Cluster Lab does.

const kRegistered = [];

/** Says that the running case cannot run here, and why. */
export class Skip extends Error {}

/** `name` is a sentence; `run` throws when it is not so. */
export function test(name, run) {
  kRegistered.push({ name, run });
}

export function check(condition, expectation) {
  if (!condition) throw new Error(expectation);
}

/** Asks until the answer is true, at most `seconds`. */
export async function eventually(seconds, expectation, ask) {
  const deadline = performance.now() + seconds * 1000;
  let last;
  do {
    try {
      last = await ask();
      if (last === true) return;
    } catch (error) {
      last = error.message;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (performance.now() < deadline);
  throw new Error(`${expectation} (waited ${seconds} s; at last: ${JSON.stringify(last)})`);
}

/**
 * Runs all, or those whose sentence holds one of `words`; ends with "N passed, N failed, N skipped". True
 * when none failed.
 */
export async function runAll(context, words = []) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const wanted = ({ name }) => words.length === 0 || words.some((word) => name.includes(word));
  for (const { name, run } of kRegistered.filter(wanted)) {
    try {
      await run(context);
      counts.passed += 1;
      console.log(`ok   ${name}`);
    } catch (error) {
      const skipped = error instanceof Skip;
      counts[skipped ? "skipped" : "failed"] += 1;
      console.log(`${skipped ? "SKIP" : "FAIL"} ${name}: ${error.message}`);
    }
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0;
}
