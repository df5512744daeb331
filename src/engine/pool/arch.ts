/** Which architectures a machine runs, best first; families as rpm's own table of compatible architectures has them. */
const families: ReadonlyMap<string, readonly string[]> = new Map([
  ["x86_64_v4", ["x86_64_v4", "x86_64_v3", "x86_64_v2", "x86_64", "i686", "i586", "i486", "i386"]],
  ["x86_64_v3", ["x86_64_v3", "x86_64_v2", "x86_64", "i686", "i586", "i486", "i386"]],
  ["x86_64_v2", ["x86_64_v2", "x86_64", "i686", "i586", "i486", "i386"]],
  ["x86_64", ["x86_64", "i686", "i586", "i486", "i386"]],
  ["i686", ["i686", "i586", "i486", "i386"]],
  ["i586", ["i586", "i486", "i386"]],
  ["i486", ["i486", "i386"]],
  ["i386", ["i386"]],
  ["aarch64", ["aarch64"]],
  ["armv7hl", ["armv7hl", "armv6hl"]],
  ["armv7hnl", ["armv7hnl", "armv7hl", "armv6hl"]],
  ["armv6hl", ["armv6hl"]],
  ["ppc64le", ["ppc64le"]],
  ["ppc64", ["ppc64", "ppc"]],
  ["s390x", ["s390x", "s390"]],
  ["riscv64", ["riscv64"]],
  ["loongarch64", ["loongarch64"]],
]);

/** The architectures that a machine of architecture `arch` runs, best first, without noarch; `arch` alone where the family is unknown. */
export function compatibleArchs(arch: string): readonly string[] {
  return families.get(arch) ?? [arch];
}

/** Bits of word size, 1 for 32, 2 for 64, 3 for noarch: packages of one colour stand beside those of another. */
export function archColour(arch: string): number {
  if (arch === "noarch" || arch === "all" || arch === "any") return 3;
  return /^(s390x|ia64|.*64(_v\d)?|.*64le)$/.test(arch) ? 2 : 1;
}
