/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The candidate that `word` was most likely meant to be, if any is near: few edits away, or one is a part of the other. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const given = plain(word);
  let best: string | undefined;
  let bestScore = Infinity;
  for (const candidate of candidates) {
    const known = plain(candidate);
    const isPart = given.length >= 3 && (known.includes(given) || given.includes(known));
    // `popsize` for `populationSize`: an abbreviation keeps the order of its letters.
    const score = isPart ? 0.5 : isAbbreviation(given, known) ? 1 : distance(given, known);
    if (score < bestScore && score <= Math.max(1, Math.floor(Math.max(given.length, known.length) / 3))) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

function isAbbreviation(short: string, long: string): boolean {
  if (short.length < 3 || short[0] !== long[0]) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}
