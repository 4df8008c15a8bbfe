import { execFileSync } from 'node:child_process';
import { python } from './programs.ts';

const CHECK = `
import json, sys
import xml.etree.ElementTree as tree
out = []
for text in json.load(sys.stdin):
    root = tree.fromstring(text)
    out.append({'tags': sorted({e.tag.split('}')[1] for e in root.iter()}), 'texts': [e.text or '' for e in root.iter() if e.tag.endswith('text')], 'title': root.find('{http://www.w3.org/2000/svg}title').text})
json.dump(out, sys.stdout)
`;

/** What is in a picture. */
export interface Parsed {
  readonly tags: readonly string[];
  readonly texts: readonly string[];
  readonly title: string;
}

/** Reads pictures with a parser of XML that takes nothing else. */
export function parsedSvgs(svgs: readonly string[]): readonly Parsed[] {
  const answer = execFileSync(python, ['-c', CHECK], { input: JSON.stringify(svgs), encoding: 'utf8' });
  return JSON.parse(answer) as readonly Parsed[];
}
