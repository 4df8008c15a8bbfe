// Speaks the worker protocol, docs/protocol.md, and answers 0 to every point.
let rest = '';
let isStarted = false;
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    if (!isStarted) process.stdout.write('{"ready":1}\n');
    else process.stdout.write(`{"id":${JSON.parse(line).id},"value":0}\n`);
    isStarted = true;
  }
});
