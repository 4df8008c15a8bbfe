import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { frozenHash } from '../../bench/managed-report.ts';

it('bench/managed.md is about the default that there is', () => {
  expect(readFileSync('bench/managed.md', 'utf8')).toContain(`\`${frozenHash()}\``);
});
