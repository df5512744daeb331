import { describe, expect, it } from "vitest";
import { ServiceScan } from "./service-scan.ts";

const text = `<?xml version="1.0"?>
<filelists packages="2"><package pkgid="aa" name="a" arch="noarch"><version epoch="0" ver="1" rel="1"/>
<file>/usr/bin/a</file><file>/usr/lib/systemd/system/a.service</file><file>/usr/lib/systemd/system/a@.service</file>
<file type="dir">/usr/lib/systemd/system/a.service.d</file></package>
<package pkgid="bb" name="b" arch="noarch"><file>/usr/lib/systemd/system/x.wants/b.service</file>
<file>/opt/usr/lib/systemd/system/no.service</file></package>
<package pkgid="cc" name="c" arch="noarch"><file>/usr/lib/systemd/system/c.service</file></package></filelists>`;
const expected = [
  ["aa", ["a.service", "a@.service"]],
  ["cc", ["c.service"]],
];

describe("ServiceScan", () => {
  it("finds units wherever the text is cut", () => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut < bytes.length; cut++) {
      const scan = new ServiceScan();
      scan.push(bytes.subarray(0, cut));
      scan.push(bytes.subarray(cut));
      scan.finish();
      expect([...scan.found]).toEqual(expected);
      expect(scan.packages).toBe(3);
    }
  });

  it("survives truncation and pieces without an end", () => {
    const bytes = Buffer.from(text);
    for (let end = 0; end < bytes.length; end++) {
      const scan = new ServiceScan();
      scan.push(bytes.subarray(0, end));
      scan.finish();
      expect(scan.found.size).toBeLessThan(3);
    }
    const scan = new ServiceScan();
    for (let turn = 0; turn < 8; turn++) scan.push(Buffer.alloc(1 << 20, 65));
    scan.finish();
    expect(scan.found.size).toBe(0);
  });
});
