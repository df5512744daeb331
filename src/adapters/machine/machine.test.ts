import { describe, expect, it } from "vitest";
import { inspectTools, installCommand, machineFamily } from "./index.ts";

describe("the machine", () => {
  it("knows its family", () => {
    expect(machineFamily('ID=ubuntu\nID_LIKE="debian"\n')).toBe("debian");
    expect(machineFamily('NAME="Azure Linux"\nID=azurelinux\nID_LIKE="fedora"\n')).toBe("fedora");
    expect(machineFamily("ID=plan9\n")).toBeUndefined();
  });

  it("names one command for all that is missing, each package once", () => {
    const rpm = inspectTools().filter((tool) => tool.program === "rpm" || tool.program === "rpmbuild");
    expect(installCommand(rpm, "debian")).toBe("apt-get install rpm");
    expect(installCommand(rpm, "fedora")).toBe("dnf install rpm rpm-build");
    expect(installCommand([], "debian")).toBeUndefined();
  });
});
