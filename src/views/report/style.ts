/** The look of a report, on a screen and on paper. Colours are those of `paint.ts`. */
export const STYLE = `*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
body{margin:0}
main{max-width:960px;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
p{margin:0 0 .7rem}
.soft,figcaption{color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
.summary{border-left:3px solid var(--accent);padding:.1rem 0 .1rem 1rem;overflow-wrap:anywhere}
figure{margin:0 0 1.2rem}
.wide{overflow-x:auto}
.wide:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
svg[role=img]{display:block;width:100%;height:auto;min-width:640px}
table{border-collapse:collapse;margin:1.2rem 0;font-size:.87rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.2rem 0}
th,td{padding:.2rem .9rem .2rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
thead th{color:var(--soft);font-weight:400;white-space:normal;vertical-align:bottom}
thead th:empty{padding:0;border:0}
tbody th{font-weight:400;white-space:normal;overflow-wrap:anywhere;min-width:4rem;max-width:20rem}
td:last-child:not(.number){white-space:normal;overflow-wrap:anywhere;min-width:16rem}
.number,tbody th.number{text-align:right;min-width:0}
tbody .number{white-space:nowrap}
pre{font:12.5px/1.5 ui-monospace,'DejaVu Sans Mono',monospace;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;margin:0}
@media screen and (prefers-color-scheme:dark){svg [stroke-opacity]{stroke-opacity:1}}
@page{size:A4;margin:16mm 14mm}
@media print{
html{font-size:10pt;background:#fff}
main{max-width:none;padding:0}
.wide{overflow:visible}
svg[role=img]{min-width:0}
figure,tr{break-inside:avoid}
h2,h3,caption{break-after:avoid}
table{font-size:7pt}
th,td,td:last-child:not(.number){padding-right:.45rem;white-space:normal;overflow-wrap:anywhere;min-width:0}
.number{white-space:nowrap}
pre{font-size:7.5pt}
}`;
