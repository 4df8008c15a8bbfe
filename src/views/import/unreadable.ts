import { CodedError, messageOf } from '../../core/errors.ts';

/** A file that cannot be read, or no further. @param reason an error, or what is wrong in words */
export function unreadable(file: string, reason: unknown, cause: unknown = reason): CodedError {
  const code = reason instanceof Error && 'code' in reason ? reason.code : undefined;
  const message =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EISDIR'
        ? 'it is a directory'
        : typeof reason === 'string'
          ? reason
          : messageOf(reason);
  return new CodedError('usage', `cannot import ${file}: ${message}`, { cause });
}
