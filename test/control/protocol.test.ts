import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../src/core/errors.ts';
import { commandOf, idOf, parseLine, toLine } from '../../src/control/protocol.ts';

const read = (line: string): object => commandOf(parseLine(line));

describe('a request', () => {
  it.each([
    ['{"command":"ping"}', { command: 'ping' }],
    ['{"command":"pause","version":1,"id":"a"}', { command: 'pause' }],
    ['{"optimizer":3,"command":"stop-optimizer","id":7}', { command: 'stop-optimizer', optimizer: 3 }],
  ])('is understood: %s', (line, command) => {
    expect(read(line)).toEqual(command);
  });

  it.each([
    ['stop', /^expected one line of JSON, got "stop": /],
    ['[]', 'expected an object, such as {"command": "ping"}, got an empty list'],
    ['{}', /^command: expected one of ping, stop, .*, got undefined$/],
    ['{"command":"stp"}', /got "stp"; did you mean stop\?$/],
    ['{"command":"constructor"}', /^command: expected one of/],
    ['{"command":["stop"]}', /^command: expected one of .* got a list of 1$/],
    ['{"command":"stop","now":true}', 'stop: unknown field "now"'],
    ['{"command":"stop","__proto__":{"a":1}}', 'stop: unknown field "__proto__"'],
    [
      '{"command":"stop-optimizer"}',
      'stop-optimizer: optimizer: expected the id of an optimizer: 1, 2, 3, …, got undefined',
    ],
    ['{"command":"stop-optimizer","optimizer":"../1"}', /got "\.\.\/1"$/],
    ['{"command":"stop-optimizer","optimizer":0}', /got 0$/],
    ['{"command":"stop-optimizer","optimizer":1.5}', /got 1.5$/],
    ['{"command":"stop-optimizer","optimizr":1}', /unknown field "optimizr"; did you mean optimizer\?$/],
    ['{"command":"ping","version":2}', /^this run speaks version 1 of the control protocol/],
    ['{"command":"ping","id":{}}', 'id: expected a text or a number, got an object'],
  ])('is refused with the reason: %s', (line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  it('is understood or refused, whatever it is', () => {
    const request = fc.record(
      {
        command: fc.oneof(fc.constantFrom('ping', 'stop', 'stop-optimizer'), fc.anything()),
        optimizer: fc.anything(),
        version: fc.oneof(fc.constant(1), fc.anything()),
        id: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), request.map(toJson)), (line) => {
        try {
          const parsed = parseLine(line);
          expect(['string', 'number', 'undefined']).toContain(typeof idOf(parsed));
          expect(['ping', 'stop', 'stop-optimizer']).toContain(commandOf(parsed).command);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

it('is written as one line, whatever is in it', () => {
  expect(toLine({ command: 'stop', text: 'a\nb' })).toBe('{"version":1,"command":"stop","text":"a\\nb"}\n');
});

function toJson(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? '';
}
