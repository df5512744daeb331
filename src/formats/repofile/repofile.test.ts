import { describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import {
  baseArchitecture,
  looksLikeMetalink,
  parseMetalink,
  parseMirrorlist,
  parseRepoFile,
  refuseVariables,
  replaceVariables,
  repoVariables,
} from "./index.ts";

const variables = repoVariables("x86_64", "9.4");
const parse = (text: string) => parseRepoFile(Buffer.from(text), "x.repo", variables);

function outcome(work: () => unknown): string {
  try {
    work();
    return "read";
  } catch (error) {
    return error instanceof WeirError ? error.code : `BUG ${String(error)}`;
  }
}

/** Small, fast, seeded: the same numbers every time (xorshift32). */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(sample: Buffer, pieces: readonly string[], random: (below: number) => number): Buffer {
  let bytes = sample;
  for (let change = random(3); change >= 0; change--) {
    const at = random(bytes.length + 1);
    const piece = Buffer.from(pieces[random(pieces.length)] ?? "", "latin1");
    bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + random(10))]);
  }
  return bytes;
}

const sample = `# Fedora
[main]
gpgcheck=1

[fedora]
name=Fedora $releasever - $basearch
#baseurl=http://download.example/pub/fedora/linux/releases/$releasever/Everything/$basearch/os/
metalink=https://mirrors.fedoraproject.org/metalink?repo=fedora-$releasever&arch=$basearch
enabled=1
countme=1
metadata_expire=7d
repo_gpgcheck=0
type=rpm
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-$releasever-$basearch
skip_if_unavailable=False

[two words]
`;

describe(".repo files", () => {
  it("are read with dnf's defaults", () => {
    expect(parse("[a]\n")).toEqual({
      repositories: [
        {
          id: "a",
          name: undefined,
          enabled: true,
          baseUrls: [],
          mirrorlist: undefined,
          metalink: undefined,
          priority: 99,
          cost: 1000,
          excludes: [],
          includepkgs: [],
          moduleHotfixes: false,
          gpgcheck: false,
          repoGpgcheck: false,
          gpgkeys: [],
          metadataExpire: 48 * 3600,
          skipIfUnavailable: false,
          username: undefined,
          password: undefined,
          sslCaCert: undefined,
          sslClientCert: undefined,
          sslClientKey: undefined,
        },
      ],
      skips: [],
    });
  });

  it("have variables, lists, lines that go on, comments and more", () => {
    const { repositories, skips } = parse(
      "\ufeff; note\n[repo-$basearch]\r\nname = Repo $releasever\nbaseurl=http://a/$releasever_major,http://b/\n   http://c/\n# between\n\thttp://d/\n" +
        "enabled = No\npriority=5\ncost=10\nexclude=a b\nexcludepkgs=c*,d\nincludepkgs=x\nmodule_hotfixes=true\npkg_gpgcheck=1\n" +
        "gpgkey=file:///k1\n  file:///k2\nproxy=http://p\nsslverify=0\nstrange=1\nCost=3\nretries=3\n[repo-$basearch]\npriority=7\n",
    );
    expect(repositories).toHaveLength(1);
    expect(repositories[0]).toMatchObject({
      id: "repo-x86_64",
      name: "Repo 9.4",
      baseUrls: ["http://a/9", "http://b/", "http://c/", "http://d/"],
      enabled: false,
      priority: 7,
      cost: 10,
      excludes: ["c*", "d", "a", "b"],
      includepkgs: ["x"],
      moduleHotfixes: true,
      gpgcheck: true,
      gpgkeys: ["file:///k1", "file:///k2"],
    });
    expect(skips.map((skip) => skip.reason)).toEqual([
      "proxy is not used: the variables https_proxy and http_proxy are",
      "sslverify=0 is not followed: certificates are always verified",
      "strange is not known",
      "Cost is not known",
    ]);
    expect(skips[0]?.subject).toBe("x.repo:18");
  });

  it.each([
    ["never", undefined],
    ["-1", undefined],
    ["0", 0],
    ["90", 90],
    ["1.5h", 5400],
    ["6H", 21_600],
    ["7d", 604_800],
    ["10m", 600],
    ["", 172_800],
  ])("metadata_expire=%s is %s seconds", (text, seconds) => {
    expect(parse(`[a]\nmetadata_expire=${text}\n`).repositories[0]?.metadataExpire).toBe(seconds);
  });

  it.each([
    ["a = b\n", 1],
    ["[a]\nenabled=maybe\n", 2],
    ["[a]\npriority=high\n", 2],
    ["[a]\nmetadata_expire=soon\n", 2],
    ["[a]\nno equals\n", 2],
    ["[a\nb=c\n", 1],
    ["[]\n", 1],
    ["[a] x\n", 1],
    [" indented=1\n", 1],
    ["[a]\n\0\n", 2],
    ["\n[../x]\n", 2],
  ])("%j is REPOFILE_MALFORMED in line %i", (text, line) => {
    try {
      parse(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "REPOFILE_MALFORMED", where: { file: "x.repo", line } });
    }
  });

  it("survive truncation and mutations, in bounded time", () => {
    const bytes = Buffer.from(sample.replace("[two words]", "[b]"));
    for (let end = 0; end <= bytes.length; end++) {
      const result = outcome(() => parseRepoFile(bytes.subarray(0, end), "x", variables));
      expect(["read", "REPOFILE_MALFORMED"]).toContain(result);
    }
    const random = randoms(3);
    const pieces = [
      "[",
      "]",
      "=",
      "\n",
      " ",
      "\0",
      "$",
      "${",
      "}",
      "\xff",
      "#",
      "\r",
      "${a:-",
      "${a:+b}",
      "[[",
      "enabled=2\n",
    ];
    for (let round = 0; round < 3000; round++) {
      const result = outcome(() => parseRepoFile(mutate(bytes, pieces, random), "x", variables));
      expect(["read", "REPOFILE_MALFORMED"]).toContain(result);
    }
    for (const pattern of ["[a]\n", "[", "$", "${", "${a:-", "a=b\n", " x\n", "=", "[a]\nb=c\n d\n"]) {
      const start = performance.now();
      outcome(() => parse(`[a]\nname=${pattern.repeat((3 << 20) / pattern.length)}`));
      outcome(() => parse(`[a]\n${pattern.repeat((3 << 20) / pattern.length)}`));
      expect(performance.now() - start).toBeLessThan(20_000);
    }
    expect(outcome(() => parse("#".repeat(5 << 20)))).toBe("REPOFILE_MALFORMED");
  });
});

describe("variables", () => {
  it.each([
    ["$releasever/$basearch/$arch", "9.4/x86_64/x86_64"],
    ["${releasever}x $releasever_minor", "9.4x 4"],
    ["$RELEASEVER", "9.4"],
    ["${nothing:-else} ${releasever:+there} ${nothing:+no}", "else there "],
    ["$nothing ${nothing} $", "$nothing ${nothing} $"],
    ["$__proto__ ${constructor:-c}", "$__proto__ c"],
  ])("%s is %s", (text, expected) => {
    expect(replaceVariables(text, variables)).toBe(expected);
  });

  it("must all be known in an address: REPOFILE_VARIABLE", () => {
    refuseVariables("http://a/", "a");
    expect(outcome(() => refuseVariables("http://a/$releasever", "a"))).toBe("REPOFILE_VARIABLE");
  });

  it("know base architectures", () => {
    expect(["i686", "x86_64_v2", "aarch64", "armv7hl", "toString"].map(baseArchitecture)).toEqual([
      "i386",
      "x86_64",
      "aarch64",
      "armhfp",
      "toString",
    ]);
  });
});

const metalink = Buffer.from(`<?xml version="1.0" encoding="utf-8"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/" type="dynamic" xmlns:mm0="http://fedorahosted.org/mirrormanager">
 <files>
  <file name="other.xml"><size>1</size></file>
  <file name="repomd.xml">
   <mm0:timestamp>1700000000</mm0:timestamp>
   <size>5000</size>
   <verification><hash type="md5">AA</hash><hash type="sha256">BB</hash></verification>
   <mm0:alternates>
    <mm0:alternate>
     <mm0:timestamp>1690000000</mm0:timestamp>
     <size>4000</size>
     <verification><hash type="sha256">cc</hash></verification>
    </mm0:alternate>
   </mm0:alternates>
   <resources maxconnections="1">
    <url protocol="http" type="http" location="DE" preference="98">http://one.example/repodata/repomd.xml</url>
    <url protocol="rsync" type="rsync" location="DE" preference="100">rsync://two.example/repodata/repomd.xml</url>
    <url protocol="https" type="https" location="FR" preference="98">https://three.example/a?b=1&amp;c=2</url>
   </resources>
  </file>
 </files>
</metalink>
`);

describe("metalinks", () => {
  it("are read", () => {
    expect(parseMetalink(metalink, "m")).toEqual({
      timestamp: 1700000000,
      size: 5000,
      hashes: [
        { type: "md5", value: "aa" },
        { type: "sha256", value: "bb" },
      ],
      alternates: [{ timestamp: 1690000000, size: 4000, hashes: [{ type: "sha256", value: "cc" }] }],
      urls: [
        { url: "rsync://two.example/repodata/repomd.xml", protocol: "rsync", location: "DE", preference: 100 },
        { url: "http://one.example/repodata/repomd.xml", protocol: "http", location: "DE", preference: 98 },
        { url: "https://three.example/a?b=1&c=2", protocol: "https", location: "FR", preference: 98 },
      ],
    });
    expect(looksLikeMetalink(metalink)).toBe(true);
    expect(looksLikeMetalink(Buffer.from("http://a/\n"))).toBe(false);
  });

  it.each([
    ["another document", "<repomd/>"],
    ["nothing of repomd.xml", "<metalink><files><file name='x'/></files></metalink>"],
    ["entities of its own", '<!DOCTYPE m [<!ENTITY a "b">]><metalink>&a;</metalink>'],
    ["a strange number", "<metalink><files><file name='repomd.xml'><size>-1</size></file></files></metalink>"],
    ["endless nesting", "<metalink>".repeat(100)],
    ["nothing", ""],
  ])("METALINK_MALFORMED for %s", (_, text) => {
    expect(outcome(() => parseMetalink(Buffer.from(text), "m"))).toBe("METALINK_MALFORMED");
  });

  it("are never read in part, and survive mutations", () => {
    for (let end = 0; end < metalink.length - 1; end++) {
      expect(outcome(() => parseMetalink(metalink.subarray(0, end), "m"))).toBe("METALINK_MALFORMED");
    }
    const random = randoms(17);
    const pieces = ["<", ">", "&", '"', "</", "&lol;", "<!--", "]]>", "\0", "<file name='repomd.xml'>", "\xff"];
    for (let round = 0; round < 2000; round++) {
      const result = outcome(() => parseMetalink(mutate(metalink, pieces, random), "m"));
      expect(["read", "METALINK_MALFORMED"]).toContain(result);
    }
  });

  it("have a plain relative, the mirror list", () => {
    expect(parseMirrorlist(Buffer.from("# list\r\nhttp://a/\n\n  https://b/x \nnonsense\nftp://c\n"))).toEqual([
      "http://a/",
      "https://b/x",
      "ftp://c",
    ]);
  });
});
