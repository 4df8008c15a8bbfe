import { factsOf } from '../core/errors.ts';

/** Why an import failed, continuing the sentence "task module /path/x.ts …". */
export function explainImportError(thrown: unknown, path: string): string {
  const { name, message, code, stack = '' } = factsOf(thrown);
  const said = message.replaceAll(/\s*[\r\n]\s*/g, ' ');
  const where = placeOf(stack, path);
  if (name === 'Thrown') return `${said}, when it was imported`;
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return `uses TypeScript that Node cannot run${where}: ${adviseOnTypeScript(said)}`;
    case 'ERR_INVALID_TYPESCRIPT_SYNTAX':
      return `does not parse${where}: ${said}`;
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
      return `imports what is not there: ${said}`;
    default:
      if (said.includes('does not provide an export named'))
        return `imports what is not there${where}: ${said}`;
      return isFromParser(name, stack)
        ? `does not parse${where}: ${said}`
        : `threw ${name} when it was imported: ${said}`;
  }
}

/** `TypeScript enum is not supported in strip-only mode` with what to do about it. */
function adviseOnTypeScript(said: string): string {
  const what = /^TypeScript (.+) (?:is|are) not supported/.exec(said)?.[1];
  if (!what) return said;
  const instead = what === 'enum' ? 'plain JavaScript or a const object' : 'plain JavaScript';
  return `Node runs TypeScript by stripping its types; ${what} needs to be compiled, write it as ${instead}`;
}

/** Tells the parser's errors from those that the module throws itself, as `JSON.parse` does: the parser is called by Node's loader. */
function isFromParser(name: string, stack: string): boolean {
  return name === 'SyntaxError' && /^ +at .*$/m.exec(stack)?.[0].includes('node:internal/modules') === true;
}

/** ` at line 3` where the first line of the stack names it, as the parsers of TypeScript and CommonJS do; with the file if it is another. */
function placeOf(stack: string, path: string): string {
  const match = /^(?:file:\/\/)?(\/.*):(\d+)$/.exec(stack.split('\n', 1)[0] ?? '');
  if (!match) return '';
  return match[1] === path ? ` at line ${match[2]}` : ` at line ${match[2]} of ${match[1]}`;
}
