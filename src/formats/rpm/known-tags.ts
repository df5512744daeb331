import { signatureTag, type valueType } from "./tags.ts";

/** What rpm documents of a tag: its name in lower case, the type its values have, and whether there may be several. */
export interface KnownTag {
  readonly tag: number;
  readonly name: string;
  readonly type: keyof typeof valueType;
  readonly many: boolean;
}

/** Tags that a main header can hold, `name:number` by type; as rpm's documentation of tags lists them. */
const table: readonly (readonly [KnownTag["type"], boolean, string])[] = [
  [
    "string",
    false,
    "sha1header:269 sha256header:273 sha3_256header:279 name:1000 version:1001 release:1002 buildhost:1007 " +
      "distribution:1010 vendor:1011 license:1014 packager:1015 url:1020 os:1021 arch:1022 prein:1023 " +
      "postin:1024 preun:1025 postun:1026 sourcerpm:1044 rpmversion:1064 verifyscript:1079 cookie:1094 " +
      "optflags:1122 disturl:1123 payloadformat:1124 payloadcompressor:1125 payloadflags:1126 platform:1132 " +
      "pretrans:1151 posttrans:1152 disttag:1155 bugurl:5012 vcs:5034 encoding:5062 modularitylabel:5096 " +
      "spec:5099 translationurl:5100 upstreamreleases:5101 preuntrans:5103 postuntrans:5104 sourcenevr:5120 " +
      "payloadsha512:5121 payloadsha512alt:5122 payloadsha3_256:5123 payloadsha3_256alt:5124",
  ],
  [
    "stringArray",
    true,
    "headeri18ntable:100 pubkeys:266 veritysignatures:276 openpgp:278 source:1018 patch:1019 " +
      "oldfilenames:1027 filedigests:1035 filelinktos:1036 fileusername:1039 filegroupname:1040 " +
      "providename:1047 requirename:1049 requireversion:1050 conflictname:1054 conflictversion:1055 " +
      "excludearch:1059 excludeos:1060 exclusivearch:1061 exclusiveos:1062 triggerscripts:1065 triggername:1066 " +
      "triggerversion:1067 changelogname:1081 changelogtext:1082 preinprog:1085 postinprog:1086 preunprog:1087 " +
      "postunprog:1088 buildarchs:1089 obsoletename:1090 verifyscriptprog:1091 triggerscriptprog:1092 " +
      "filelangs:1097 prefixes:1098 instprefixes:1099 provideversion:1113 obsoleteversion:1115 basenames:1117 " +
      "dirnames:1118 origbasenames:1120 origdirnames:1121 patchesname:1133 patchesversion:1135 classdict:1142 " +
      "filecontexts:1147 policies:1150 pretransprog:1153 posttransprog:1154 oldsuggestsname:1156 " +
      "oldsuggestsversion:1157 oldenhancesname:1159 oldenhancesversion:1160 filecaps:5010 policynames:5030 " +
      "policytypes:5031 ordername:5035 orderversion:5036 recommendname:5046 recommendversion:5047 " +
      "suggestname:5049 suggestversion:5050 supplementname:5052 supplementversion:5053 enhancename:5055 " +
      "enhanceversion:5056 filetriggerscripts:5066 filetriggerscriptprog:5067 filetriggername:5069 " +
      "filetriggerversion:5071 transfiletriggerscripts:5076 transfiletriggerscriptprog:5077 " +
      "transfiletriggername:5079 transfiletriggerversion:5081 filesignatures:5090 payloadsha256:5092 " +
      "payloadsha256alt:5097 preuntransprog:5105 postuntransprog:5106 mimedict:5116 packagedigests:5118",
  ],
  ["i18nString", false, "summary:1004 description:1005 group:1016"],
  [
    "int32",
    false,
    "sigsize:257 veritysignaturealgo:277 epoch:1003 buildtime:1006 installtime:1008 size:1009 " +
      "archivesize:1046 sourcepackage:1106 installcolor:1127 installtid:1128 removetid:1129 filedigestalgo:5011 " +
      "preinflags:5020 postinflags:5021 preunflags:5022 postunflags:5023 pretransflags:5024 posttransflags:5025 " +
      "verifyscriptflags:5026 filesignaturelength:5091 payloadsha256algo:5093 preuntransflags:5107 " +
      "postuntransflags:5108 rpmformat:5114",
  ],
  [
    "int32",
    true,
    "filesizes:1028 filemtimes:1034 fileflags:1037 fileverifyflags:1045 requireflags:1048 nosource:1051 " +
      "nopatch:1052 conflictflags:1053 triggerflags:1068 triggerindex:1069 changelogtime:1080 filedevices:1095 " +
      "fileinodes:1096 provideflags:1112 obsoleteflags:1114 dirindexes:1116 origdirindexes:1119 " +
      "patchesflags:1134 filecolors:1140 fileclass:1141 filedependsx:1143 filedependsn:1144 dependsdict:1145 " +
      "oldsuggestsflags:1158 oldenhancesflags:1161 triggerscriptflags:5027 policytypesindexes:5032 " +
      "policyflags:5033 orderflags:5037 recommendflags:5048 suggestflags:5051 supplementflags:5054 " +
      "enhanceflags:5057 filetriggerscriptflags:5068 filetriggerindex:5070 filetriggerflags:5072 " +
      "transfiletriggerscriptflags:5078 transfiletriggerindex:5080 transfiletriggerflags:5082 " +
      "filetriggerpriorities:5084 transfiletriggerpriorities:5085 filemimeindex:5115 packagedigestalgos:5119",
  ],
  ["int16", true, "filemodes:1030 filerdevs:1033"],
  ["int64", false, "longsigsize:270 longarchivesize:271 longsize:5009 payloadsize:5112 payloadsizealt:5113"],
  ["int64", true, "longfilesizes:5008"],
  ["char", true, "filestates:1029"],
  [
    "bin",
    false,
    "headersignatures:62 headerimmutable:63 sigpgp:259 sigmd5:261 siggpg:262 dsaheader:267 rsaheader:268 " +
      "gif:1012 xpm:1013 icon:1043 sourcesigmd5:1146",
  ],
];

const byNumber = new Map<number, KnownTag>();
const byName = new Map<string, KnownTag>();

for (const [type, many, text] of table) {
  for (const item of text.split(" ")) {
    const [name = "", number] = item.split(":");
    const known = { tag: Number(number), name, type, many };
    byNumber.set(known.tag, known);
    byName.set(name, known);
  }
}

const signatureNames = new Map<number, string>(
  Object.entries(signatureTag).map(([name, number]) => [number, name.toLowerCase()]),
);

/** The documented tag of a number or of a name in any case; undefined for others, whose values can be read by number all the same. */
export function knownTag(which: number | string): KnownTag | undefined {
  return typeof which === "number" ? byNumber.get(which) : byName.get(which.toLowerCase());
}

/** A name for a tag in either header; its number as text for one that is not known. */
export function tagName(number: number, header: "main" | "signature" = "main"): string {
  const name = header === "signature" ? signatureNames.get(number) : undefined;
  return name ?? byNumber.get(number)?.name ?? String(number);
}
