import { findProgram } from "../../core/index.ts";

interface Machine {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  readonly prctl: number;
  /** System calls that take paths and that C libraries do without: statx, renameat2, execveat, openat2, faccessat2, fchmodat2. */
  readonly refused: readonly number[];
}

const machines: Partial<Record<string, Machine>> = {
  x64: { audit: 0xc000003e, prctl: 157, refused: [332, 316, 322, 437, 439, 452] },
  arm64: { audit: 0xc00000b7, prctl: 167, refused: [291, 276, 281, 437, 439, 452] },
};

/** Installs the filter given as hex digits (PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP), then becomes the command. */
const installScript = `use strict;
my ($hex, $prctl, @command) = @ARGV;
my $filter = pack('H*', $hex);
my $program = pack('S x6 P', length($filter) / 8, $filter);
syscall(0 + $prctl, 38, 1, 0, 0, 0) == 0 or die "weir-filter: no new privileges: $!\\n";
syscall(0 + $prctl, 22, 2, $program) == 0 or die "weir-filter: filter: $!\\n";
exec { $command[0] } @command or die "weir-filter: $command[0]: $!\\n";
`;

/**
 * The words to put before proot so that everything below answers ENOSYS to system calls newer than widespread versions of proot: these
 * pass them on with untranslated paths, where every C library would fall back to an older call that is translated. Empty where the
 * machine or perl is missing; the probe then decides whether proot works as it is.
 */
export function olderSystemCalls(machine: string = process.arch): string[] {
  const known = machines[machine];
  const perl = findProgram("perl", "/usr/bin:/bin");
  if (known === undefined || perl === undefined) return [];
  return [perl, "-e", installScript, "--", filterProgram(known).toString("hex"), String(known.prctl)];
}

/** The filter in classic BPF (seccomp(2)): `struct sock_filter` of 8 bytes each, in the machine's byte order (both are little-endian). */
function filterProgram(machine: Machine): Buffer {
  const load = 0x20;
  const jumpIfEqual = 0x15;
  const giveBack = 0x06;
  const count = machine.refused.length;
  const lines: [code: number, whenTrue: number, whenFalse: number, value: number][] = [
    [load, 0, 0, 4],
    [jumpIfEqual, 0, count + 1, machine.audit],
    [load, 0, 0, 0],
    ...machine.refused.map((number, index): [number, number, number, number] => [
      jumpIfEqual,
      count - index,
      0,
      number,
    ]),
    [giveBack, 0, 0, 0x7fff0000],
    [giveBack, 0, 0, 0x00050026],
  ];
  const bytes = Buffer.alloc(lines.length * 8);
  for (const [index, [code, whenTrue, whenFalse, value]] of lines.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  }
  return bytes;
}
