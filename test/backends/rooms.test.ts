import { describe, expect, it } from 'vitest';
import { type Room, type RoomListener, Rooms } from '../../src/backends/hosts/rooms.ts';
import type { HostExit, HostListener } from '../../src/backends/hosts/contract.ts';

interface Made extends Room {
  readonly sent: string[];
  readonly listener: RoomListener;
  kills: number;
  /** Ends it. */
  exit(cause: string): void;
}

/** Rooms that do what a test says. */
function setUp(): { rooms: Rooms; made: Made[]; printed: string[] } {
  const made: Made[] = [];
  const printed: string[] = [];
  const rooms = new Rooms(
    (first, listener) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const room: Made = {
        name: `room ${first}`,
        sent: [],
        listener,
        kills: 0,
        gone: promise,
        send: ({ type }) => {
          room.sent.push(type);
          if (type === 'leave') room.exit('it left');
        },
        kill: () => {
          room.kills++;
          room.exit('it was killed');
        },
        exit: (cause) => {
          listener.exit({ cause });
          resolve();
        },
      };
      made.push(room);
      return room;
    },
    (optimizerId, stream, chunk) => {
      printed.push(`${optimizerId} ${stream} ${Buffer.from(chunk).toString()}`);
    },
  );
  return { rooms, made, printed };
}

function listen(): HostListener & { readonly heard: string[]; readonly exits: HostExit[] } {
  const heard: string[] = [];
  const exits: HostExit[] = [];
  return {
    heard,
    exits,
    message: ({ type }) => {
      heard.push(type);
    },
    exit: (exit) => {
      exits.push(exit);
    },
  };
}

const hello = { type: 'hello', protocol: 1 } as const;
const assign = { type: 'known', rows: [] } as never;

describe('rooms for hosts', () => {
  it('are used again, once a host is done', () => {
    const { rooms, made } = setUp();
    const [first, second] = [listen(), listen()];
    const handle = rooms.launch(1, first);
    handle.send(assign);
    made[0]!.listener.message({ type: 'vacant' });
    expect(first.exits).toEqual([{ cause: 'it was done' }]);
    const next = rooms.launch(2, second);
    next.send(assign);
    expect(made).toHaveLength(1);
    expect(next.name).toBe(handle.name);
    expect(made[0]!.sent).toEqual(['known', 'next', 'known']);
  });

  it('are used again as soon as the last batch is acknowledged, by one who does not hear what the one before still says', async () => {
    const { rooms, made } = setUp();
    const [first, second] = [listen(), listen()];
    const handle = rooms.launch(1, first);
    handle.send({ type: 'assign', assignment: { task: { kind: 'benchmark' }, plugins: [] } } as never);
    const room = made[0]!.listener;
    room.message({ type: 'batch', batch: { sequence: 1 } } as never);
    handle.send({ type: 'control', acknowledged: 1 } as never);
    room.message({ type: 'batch', batch: { sequence: 2, end: { kind: 'finished' } } } as never);
    handle.send({ type: 'control', acknowledged: 1 } as never);
    rooms.launch(3, listen());
    expect(made).toHaveLength(2);
    handle.send({ type: 'control', acknowledged: 2 } as never);
    expect(first.exits).toEqual([]);
    rooms.launch(2, second);
    expect(made).toHaveLength(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(first.exits).toEqual([{ cause: 'it was done' }]);
    room.message(hello);
    room.message({ type: 'vacant' });
    room.message(hello);
    expect([first.heard, second.heard]).toEqual([['batch', 'batch'], ['hello']]);
    made[0]!.exit('it died');
    expect([first.exits.length, second.exits]).toEqual([1, [{ cause: 'it died' }]]);
  });

  it('are not used again after a task that is a module', () => {
    const { rooms, made } = setUp();
    const handle = rooms.launch(1, listen());
    handle.send({ type: 'assign', assignment: { task: { kind: 'module' }, plugins: [] } } as never);
    made[0]!.listener.message({
      type: 'batch',
      batch: { sequence: 1, end: { kind: 'finished' } },
    } as never);
    handle.send({ type: 'control', acknowledged: 1 } as never);
    rooms.launch(2, listen());
    expect(made).toHaveLength(2);
  });

  it('are as many as there are hosts at once', () => {
    const { rooms, made } = setUp();
    rooms.launch(1, listen());
    rooms.launch(2, listen());
    made[1]!.listener.message({ type: 'vacant' });
    for (let id = 3; id < 1000; id++) {
      rooms.launch(id, listen());
      made[1]!.listener.message({ type: 'vacant' });
    }
    expect(made).toHaveLength(2);
  });

  it('let nobody who was there before say or end anything, and are told of by nobody else', () => {
    const { rooms, made } = setUp();
    const [first, second] = [listen(), listen()];
    const before = rooms.launch(1, first);
    made[0]!.listener.message(hello);
    made[0]!.listener.message({ type: 'vacant' });
    before.send(assign);
    before.terminate();
    rooms.launch(2, second);
    before.send(assign);
    before.terminate();
    made[0]!.listener.message(hello);
    expect([made[0]!.sent, made[0]!.kills]).toEqual([['next'], 0]);
    expect([first.heard, second.heard]).toEqual([['hello'], ['hello']]);
    made[0]!.listener.output('err', Buffer.from('dying'));
    made[0]!.exit('it died');
    expect(first.exits).toEqual([{ cause: 'it was done' }]);
    expect(second.exits).toEqual([{ cause: 'it died; its standard error ends: dying' }]);
  });

  it('are not used again when they died meanwhile', () => {
    const { rooms, made } = setUp();
    const first = listen();
    rooms.launch(1, first);
    made[0]!.listener.message({ type: 'vacant' });
    made[0]!.exit('it died');
    rooms.launch(2, listen());
    expect(made).toHaveLength(2);
    expect(first.exits).toHaveLength(1);
  });

  it('are ended by who is in there', () => {
    const { rooms, made } = setUp();
    const first = listen();
    rooms.launch(1, first).terminate();
    expect(made[0]!.kills).toBe(1);
    expect(first.exits).toEqual([{ cause: 'it was killed' }]);
    rooms.launch(2, listen());
    expect(made).toHaveLength(2);
  });

  it('give what is printed to who is in there, or was', () => {
    const { rooms, made, printed } = setUp();
    const say = (text: string): void => {
      made[0]!.listener.output('out', Buffer.from(text));
    };
    rooms.launch(1, listen());
    say('a');
    made[0]!.listener.message({ type: 'vacant' });
    say('b');
    rooms.launch(2, listen());
    say('c');
    made[0]!.listener.message({ type: 'vacant' });
    say('d');
    expect(printed).toEqual(['1 out a', '1 out b', '2 out c', '2 out d']);
  });

  it('are told of the right one, even if it printed nothing before it was done', () => {
    const { rooms, made, printed } = setUp();
    for (const id of [1, 2]) {
      rooms.launch(id, listen());
      made[0]!.listener.message({ type: 'vacant' });
    }
    made[0]!.listener.output('out', Buffer.from('late'));
    expect(printed).toEqual(['2 out late']);
  });

  it('end: the vacant ones by themselves', async () => {
    const { rooms, made } = setUp();
    const second = listen();
    rooms.launch(1, listen());
    rooms.launch(2, second);
    made[0]!.listener.message({ type: 'vacant' });
    await rooms[Symbol.asyncDispose]();
    expect(made.map(({ sent, kills }) => [sent, kills])).toEqual([
      [['leave'], 0],
      [[], 1],
    ]);
    expect(second.exits).toEqual([{ cause: 'it was killed' }]);
  });
});
