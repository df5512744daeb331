/** Names of Linux capabilities, by number (linux/capability.h). */
const names: readonly string[] =
  `chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin
net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time
sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon
bpf checkpoint_restore`
    .split(/\s+/)
    .map((name) => `cap_${name}`);

interface Sets {
  effective: bigint;
  permitted: bigint;
  inheritable: bigint;
}

/**
 * The extended attribute `security.capability` (revision 2) for capabilities in text form, such as `cap_net_raw=ep` (cap_from_text(3)).
 * Undefined for text that is none.
 */
export function capabilityAttribute(text: string): Buffer | undefined {
  const sets: Sets = { effective: 0n, permitted: 0n, inheritable: 0n };
  for (const clause of text.trim().split(/\s+/)) {
    const match = /^([a-z0-9_,]*)((?:[=+-][eip]*)+)$/.exec(clause);
    if (!match) return undefined;
    const mask = maskOf(match[1] ?? "");
    if (mask === undefined) return undefined;
    for (const [, operator, flags] of (match[2] ?? "").matchAll(/([=+-])([eip]*)/g)) {
      apply(sets, mask, operator ?? "=", flags ?? "");
    }
  }
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(0x02000000 | (sets.effective === 0n ? 0 : 1), 0);
  bytes.writeUInt32LE(Number(sets.permitted & 0xffffffffn), 4);
  bytes.writeUInt32LE(Number(sets.inheritable & 0xffffffffn), 8);
  bytes.writeUInt32LE(Number(sets.permitted >> 32n), 12);
  bytes.writeUInt32LE(Number(sets.inheritable >> 32n), 16);
  return bytes;
}

function maskOf(list: string): bigint | undefined {
  if (list === "" || list === "all") return (1n << BigInt(names.length)) - 1n;
  let mask = 0n;
  for (const name of list.split(",")) {
    const bit = names.indexOf(name);
    if (bit < 0) return undefined;
    mask |= 1n << BigInt(bit);
  }
  return mask;
}

function apply(sets: Sets, mask: bigint, operator: string, flags: string): void {
  for (const [letter, key] of [
    ["e", "effective"],
    ["p", "permitted"],
    ["i", "inheritable"],
  ] as const) {
    if (operator === "=") sets[key] &= ~mask;
    if (!flags.includes(letter)) continue;
    if (operator === "-") sets[key] &= ~mask;
    else sets[key] |= mask;
  }
}
