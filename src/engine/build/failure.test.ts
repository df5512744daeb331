import { describe, expect, it } from "vitest";
import { readFailure } from "./failure.ts";

describe("reading a failed build's log", () => {
  it("takes the phase from rpmbuild's own words and the lines that tell", () => {
    const log = `Executing(%prep): /bin/sh -e /var/tmp/rpm-tmp.A
+ cd x
Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.B
+ make
cc -c a.c
a.c:3:1: error: expected ';'
make: *** [Makefile:2: a.o] Error 1
error: Bad exit status from /var/tmp/rpm-tmp.B (%build)

RPM build errors:
    Bad exit status from /var/tmp/rpm-tmp.B (%build)
`;
    expect(readFailure(log)).toEqual({
      phase: "%build",
      lines: [
        "a.c:3:1: error: expected ';'",
        "make: *** [Makefile:2: a.o] Error 1",
        "error: Bad exit status from /var/tmp/rpm-tmp.B (%build)",
      ],
    });
  });

  it("knows files that %files names in vain, and files that it does not name", () => {
    const unpackaged = "Executing(%install): x\nerror: Installed (but unpackaged) file(s) found:\n   /usr/bin/x\n";
    expect(readFailure(unpackaged)).toMatchObject({
      phase: "%files",
      lines: [expect.stringContaining("unpackaged"), "   /usr/bin/x"],
    });
    expect(readFailure("Executing(%install): x\nerror: File not found: /x/y\n").phase).toBe("%files");
  });

  it("gives the last lines where none tells, bounded and without control characters", () => {
    const many = Array.from({ length: 100 }, (_, index) => `line ${index}\u001b[31m`).join("\n");
    const { phase, lines } = readFailure(many);
    expect(phase).toBe("the spec");
    expect(lines).toHaveLength(12);
    expect(lines[11]).toBe("line 99\ufffd[31m");
    const long = readFailure(`error: ${"x".repeat(100_000)}`).lines[0] ?? "";
    expect(long.length).toBeLessThanOrEqual(301);
    expect(readFailure("")).toEqual({ phase: "the spec", lines: [] });
  });
});
