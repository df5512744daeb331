/** The style sheet of report pages. Text colours keep a contrast of 4.5 to 1 or more on both grounds. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#18202a;--soft:#525e6d;--line:#d5dce4;--paper:#fff;--wash:#f5f7f9;--accent:#0a627c;--good:#1f7a3d;--blocker:#8e1b1b;--high:#b3261e;--medium:#8a5a00;--low:#1f6698;--info:#525e6d;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--soft:#a3afbc;--line:#323d4a;--paper:#14191f;--wash:#1c232b;--accent:#6cc9e2;--good:#7fd49a;--blocker:#ff9a9a;--high:#ff9a8c;--medium:#efc36b;--low:#8cc4ee;--info:#a3afbc;--on:#14191f}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;color:var(--ink);background:var(--paper);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
header,.page{max-width:84rem;margin:0 auto;padding:1rem 1.25rem}
header{padding-top:1.5rem;border-bottom:1px solid var(--line)}
a{color:var(--accent)}a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.jump{position:absolute;left:-99rem}.jump:focus{left:1rem;top:.5rem;background:var(--paper);padding:.3rem .6rem}
.brand{margin:0;color:var(--accent);font-weight:700;letter-spacing:.08em;text-transform:uppercase;font-size:.8rem}
h1{margin:.1rem 0 .5rem;font-size:1.9rem;line-height:1.2}
h2{margin:2.5rem 0 .6rem;font-size:1.35rem;line-height:1.25;border-bottom:1px solid var(--line);padding-bottom:.3rem}
h3,h4,h5,h6{margin:0;font-size:1rem;line-height:1.4}
main>section:first-child>h2{margin-top:.5rem}
p,.first,ul{max-width:50rem}
.lead{margin:.2rem 0;color:var(--soft)}
.verdict{display:flex;gap:.6rem;margin:1rem 0 .5rem;font-weight:600;font-size:1.1rem;border-left:5px solid currentColor;padding:.35rem .8rem;background:var(--wash);border-radius:0 .4rem .4rem 0}
.verdict.blocker{color:var(--blocker)}.verdict.high{color:var(--high)}.verdict.low,.verdict.good{color:var(--good)}
.counts{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:.7rem 0 .2rem;padding:0}
.counts a{text-decoration:none;display:inline-block;padding:.15rem 0}
.badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem;font-size:.8rem;font-weight:600;line-height:1.5;white-space:nowrap}
.badge.blocker{color:var(--on);background:var(--blocker);border-color:var(--blocker)}.badge.high{color:var(--on);background:var(--high);border-color:var(--high)}.badge.medium{color:var(--medium)}.badge.low{color:var(--low)}.badge.info,.badge.skip{color:var(--info)}.badge.skip{border-style:dashed}
.count{color:var(--soft);font-weight:400;font-size:.85rem;white-space:nowrap}
.note{color:var(--soft);font-size:.9rem;margin:.4rem 0}
nav ol{margin:.5rem 0;padding-left:1.6rem;columns:2 14rem}nav li{padding:.15rem 0;break-inside:avoid}nav .plain{list-style:none;counter-increment:list-item 0}
.part{counter-increment:part}main{counter-reset:part;min-width:0}main>.part>h2::before{content:counter(part) ". ";color:var(--soft)}.part .part{counter-increment:none}
.part h3[id]{margin:1.5rem 0 .4rem;font-size:1.15rem}
.first{padding-left:1.6rem}.first>li{margin:.9rem 0}.first p{margin:.15rem 0}.do{font-weight:600}.about,.first li>p{font-size:.9rem;color:var(--soft)}
.rule{font:.8rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--soft);font-weight:400;border:1px solid var(--line);border-radius:.25rem;padding:0 .3rem;white-space:nowrap}
details{margin:.8rem 0}summary{cursor:pointer;padding:.2rem 0}summary h2,summary h3,summary h4,summary h5,summary h6{display:inline;border:0;margin:0;padding:0;font-size:1rem}
.finding{border:1px solid var(--line);border-left:5px solid var(--info);margin:.6rem 0;padding:.6rem .9rem;border-radius:.2rem .4rem .4rem .2rem;max-width:60rem}
.finding.blocker{border-left-color:var(--blocker)}.finding.high{border-left-color:var(--high)}.finding.medium{border-left-color:var(--medium)}.finding.low{border-left-color:var(--low)}
.finding:target{background:var(--wash);outline:2px solid var(--accent)}
.findings{scroll-margin-top:3.5rem}.finding p{margin:.3rem 0}.finding ul{margin:.3rem 0;padding-left:1.2rem;color:var(--soft);font-size:.9rem}.finding details{margin:.2rem 0;font-size:.9rem}
.skips li{margin:.25rem 0}
.scroll{overflow-x:auto;margin-top:.4rem;max-width:100%}
table{border-collapse:collapse;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.32rem 1.2rem .32rem 0;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{color:var(--soft);font-weight:600;vertical-align:bottom}tbody th{font-weight:500}
tbody tr:hover{background:var(--wash)}
.n{text-align:right;font-variant-numeric:tabular-nums}.none{color:var(--soft)}
td.w,tbody th.w{white-space:normal;min-width:16rem;max-width:38rem;overflow-wrap:anywhere}
code,.h{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85em}
.matrix td a,.matrix th a{display:block}
@media(min-width:72rem){.page{display:grid;grid-template-columns:15rem minmax(0,1fr);gap:2.5rem}.page>main:only-child{grid-column:1/-1}nav{position:sticky;top:1rem;align-self:start;max-height:calc(100vh - 2rem);overflow-y:auto;font-size:.92rem}nav ol{columns:1}}
@media(max-width:40rem){header,.page{padding-left:1rem;padding-right:1rem}h1{font-size:1.5rem}.first{padding-left:1.3rem}.finding{padding:.5rem .7rem}nav ol{columns:auto;display:flex;flex-wrap:wrap;gap:0 1rem;padding:0;list-style:none;margin:0 0 1.5rem}nav .count{display:none}th,td{padding-right:.9rem}.matrix{font-size:.8rem}.matrix th,.matrix td{white-space:normal;padding-right:.5rem;overflow-wrap:normal}}
@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--wash:#fff;--accent:#000;--good:#000;--blocker:#7a1010;--high:#8e1b1b;--medium:#5c3c00;--low:#123f5e;--info:#444;--on:#fff}body{font-size:10pt}header,.page{max-width:none;padding-left:0;padding-right:0;display:block}nav,.jump{display:none}a{text-decoration:none}.scroll{overflow:visible}th,td{white-space:normal}.finding,tr,.first>li{break-inside:avoid}h2,summary{break-after:avoid}.badge.blocker,.badge.high{print-color-adjust:exact;-webkit-print-color-adjust:exact}.group::details-content,.skips::details-content{content-visibility:visible;display:block;block-size:auto}}
`.trim();
