import { readFileSync, realpathSync, statfsSync } from 'node:fs';
import path from 'node:path';

/** Where a directory is kept. */
export interface Filesystem {
  /** As Linux names it: `nfs`, `fuse.sshfs`, …; `local` when it is none that machines share. */
  readonly type: string;
  /** Other machines may write to it, without the shared memory that SQLite's write-ahead log needs. */
  readonly isNetwork: boolean;
}

/** Looks at a directory; passed in where tests cannot mount what they are about. */
export type FilesystemProbe = (directory: string) => Filesystem;

/** What the kernel says. */
export interface MountFacts {
  /** `f_type` of statfs(2). */
  magic(directory: string): number;
  /** `/proc/self/mountinfo`. */
  mounts(): string;
}

const LOCAL: Filesystem = { type: 'local', isNetwork: false };

/** statfs(2), linux/magic.h, and the sources of those that are not part of Linux. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x00006969, 'nfs'],
  [0x0000517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x0bd00bd0, 'lustre'],
  [0x47504653, 'gpfs'],
  [0x19830326, 'beegfs'],
  [0x00c36400, 'ceph'],
  [0x5346414f, 'afs'],
  [0x6b414653, 'afs'],
  [0x73757245, 'coda'],
  [0x0000564c, 'ncp'],
  [0x01021997, '9p'],
  [0x01161970, 'gfs2'],
  [0x7461636f, 'ocfs2'],
  [0xaad7aaea, 'panfs'],
  [0x20030528, 'orangefs'],
  [0xbeefdead, 'snfs'],
]);

const FUSE = 0x65735546;

/** Of what FUSE serves, that which stays on this machine. The rest (sshfs, glusterfs, s3fs, …) reaches others. */
const LOCAL_FUSE =
  /^fuseblk$|^fuse\.(fuse-overlayfs|encfs|gocryptfs|cryfs|mergerfs|unionfs.*|bindfs|lxcfs|ntfs.*|exfat.*|squashfuse.*|.*appimage.*)$/i;

const systemFacts: MountFacts = {
  magic: (directory) => statfsSync(directory).type,
  mounts: () => readFileSync('/proc/self/mountinfo', 'utf8'),
};

/**
 * On what filesystem a directory is. Where nothing can be found out, such as on other systems than Linux, it is taken for local.
 *
 * @param directory may be one that is yet to be made: then what is above it counts
 */
export function filesystemOf(directory: string, facts: MountFacts = systemFacts): Filesystem {
  if (process.platform !== 'linux') return LOCAL;
  try {
    const existing = nearest(directory);
    // The kernel's number is one of 32 bits, whose sign depends on who hands it on.
    const magic = facts.magic(existing) >>> 0;
    const type = magic === FUSE ? mountType(existing, facts.mounts()) : NETWORK.get(magic);
    return type === undefined || LOCAL_FUSE.test(type) ? LOCAL : { type, isNetwork: true };
  } catch {
    return LOCAL;
  }
}

/** The directory itself, or the first one above it that is there; without links. */
export function nearest(directory: string): string {
  for (let at = path.resolve(directory); ; at = path.dirname(at))
    try {
      return realpathSync(at);
    } catch (error) {
      if (at === path.dirname(at)) throw error;
    }
}

/**
 * The type of the mount that a path is on: the longest mount point above it, the latest of several.
 *
 * @see proc_pid_mountinfo(5)
 */
function mountType(file: string, mountinfo: string): string | undefined {
  let best: { readonly point: string; readonly type: string } | undefined;
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const point = before
      .split(' ')[4]
      ?.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
    const [type = ''] = after.split(' ');
    if (point === undefined || type === '') continue;
    const isAbove = file === point || file.startsWith(point.endsWith('/') ? point : `${point}/`);
    if (isAbove && point.length >= (best?.point.length ?? 0)) best = { point, type };
  }
  return best?.type;
}
