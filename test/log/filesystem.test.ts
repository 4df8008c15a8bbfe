import { describe, expect, it } from 'vitest';
import { filesystemOf, type MountFacts } from '../../src/log/filesystem.ts';
import { Folder } from '../support/folder.ts';

const FUSE = 0x65735546;

const facts = (magic: number, mounts: readonly string[] = []): MountFacts => ({
  magic: () => magic,
  mounts: () => mounts.join('\n'),
});

function fail(): never {
  throw new Error('EACCES');
}

describe.runIf(process.platform === 'linux')('the filesystem of a directory', () => {
  it.each([
    ['nfs', 0x6969],
    ['cifs', 0xff534d42],
    // The same, as a signed number of 32 bits.
    ['cifs', -11317950],
    ['smb2', 0xfe534d42],
    ['lustre', 0x0bd00bd0],
    ['gpfs', 0x47504653],
    ['beegfs', 0x19830326],
    ['ceph', 0xc36400],
    ['afs', 0x5346414f],
    ['9p', 0x01021997],
  ])('is the network’s when it is %s', (type, magic) => {
    expect(filesystemOf('/', facts(magic))).toEqual({ type, isNetwork: true });
  });

  it.each([
    ['ext4', 0xef53],
    ['tmpfs', 0x01021994],
    ['btrfs', 0x9123683e],
    ['one that nobody knows', 1],
  ])('is local when it is %s', (_, magic) => {
    expect(filesystemOf('/', facts(magic)).isNetwork).toBe(false);
  });

  it('is found among the mounts when it is served by FUSE, by the longest mount point and the latest mount', () => {
    using folder = new Folder();
    const mounts = [
      '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
      `90 27 0:50 / ${folder.path} rw shared:1 - fuse.gocryptfs x rw`,
      `91 27 0:51 / ${folder.path} rw - fuse.sshfs me@there:/home rw`,
      `92 27 0:52 / ${folder.path}/a\\040b rw - fuseblk /dev/sdb1 rw`,
      `93 27 0:53 / ${folder.path}x rw - fuse.mergerfs y rw`,
    ];
    folder.write('a b/file', '');
    const of = (directory: string): string => filesystemOf(directory, facts(FUSE, mounts)).type;
    expect(of(folder.path)).toBe('fuse.sshfs');
    expect(of(folder.at('not/yet/there'))).toBe('fuse.sshfs');
    expect(of(folder.at('a b'))).toBe('local');
  });

  it.each(['fuse.s3fs', 'fuse.glusterfs', 'virtiofs'])('is the network’s when FUSE serves %s', (type) => {
    const mounts = [`90 27 0:50 / / rw - ${type} x rw`];
    expect(filesystemOf('/', facts(FUSE, mounts))).toEqual({ type, isNetwork: true });
  });

  it('is taken for local when the system does not tell', () => {
    expect(filesystemOf('/', { magic: fail, mounts: fail }).isNetwork).toBe(false);
    expect(filesystemOf('/', { magic: () => FUSE, mounts: fail }).isNetwork).toBe(false);
  });

  it('is looked up for real', () => {
    expect(filesystemOf('/proc')).toEqual({ type: 'local', isNetwork: false });
  });
});
