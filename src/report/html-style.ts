/** The style sheet of report pages. */
export const pageStyle = `
:root{--ink:#1c2430;--soft:#5b6776;--line:#d9dfe6;--paper:#fff;--wash:#f4f6f8;--accent:#0b6e8a;--blocker:#8e1b1b;--high:#c0392b;--medium:#b9770e;--low:#2874a6;--info:#5b6776}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--soft:#9aa7b5;--line:#303a46;--paper:#151a20;--wash:#1d242c;--accent:#5cc3de;--blocker:#ff8f8f;--high:#ff9d8a;--medium:#f0c268;--low:#8cc4ee;--info:#9aa7b5}}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:var(--paper);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main{max-width:72rem;margin:0 auto;padding:1rem 1.25rem}
header{border-bottom:1px solid var(--line)}
.brand{margin:0;color:var(--accent);font-weight:600;letter-spacing:.06em;text-transform:uppercase;font-size:.8rem}
h1{margin:.1rem 0 .5rem;font-size:1.7rem;line-height:1.2}
h2{margin:2rem 0 .5rem;font-size:1.25rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{margin:0;font-size:1rem}
.lead{margin:.2rem 0}
nav{display:flex;flex-wrap:wrap;gap:.25rem .9rem;margin:.75rem 0 .25rem}
a{color:var(--accent)}
.counts{margin:.75rem 0 0}
.badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem;font-size:.8rem;font-weight:600}
.badge.blocker{color:var(--blocker)}.badge.high{color:var(--high)}.badge.medium{color:var(--medium)}.badge.low{color:var(--low)}.badge.info,.badge.skip{color:var(--info)}
.finding{border-left:4px solid var(--info);background:var(--wash);margin:.75rem 0;padding:.6rem .9rem;border-radius:0 .4rem .4rem 0}
.finding.blocker{border-color:var(--blocker)}.finding.high{border-color:var(--high)}.finding.medium{border-color:var(--medium)}.finding.low{border-color:var(--low)}
.finding p{margin:.3rem 0}.finding ul{margin:.3rem 0;padding-left:1.2rem;color:var(--soft);font-size:.9rem}
.subject{font-weight:400}
.remedy::before{content:"→ ";color:var(--accent);font-weight:700}
details{margin:.75rem 0}summary{cursor:pointer;font-weight:600}
.scroll{overflow-x:auto;margin-top:.4rem}
table{border-collapse:collapse;font-size:.9rem;min-width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600;white-space:nowrap}
td.number{text-align:right;font-variant-numeric:tabular-nums}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,monospace}
@media print{details{break-inside:avoid}}
`.trim();
