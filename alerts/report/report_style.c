/*
 * report_style.c - the style sheet: quiet, for reading; light and dark, phone and desk, and paper.
 *
 * Sizes and sides are logical, so that a right-to-left quote stands right. No severity is told by
 * colour alone. Colours of text are 4.5:1 or more on theirs.
 */
#include "alerts/report/report_page.h"

#include "base/attrs.h"

#define SERIF                                                                                     \
    "Charter,'Bitstream Charter','Iowan Old Style',Georgia,'Noto Serif',serif,'Songti SC','Noto " \
    "Serif CJK SC','Source Han Serif SC',SimSun"
#define SANS                                                                                    \
    "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif,'PingFang SC','Hiragino " \
    "Sans',"                                                                                    \
    "'Noto Sans CJK SC','Microsoft YaHei','Noto Naskh Arabic'"

/* In parts: a literal of C has 4095 bytes. */
static const char *const parts[] = {
    ":root{color-scheme:light dark;--paper:#fbfaf7;--ink:#1c1b19;--soft:#5c5953;--rule:#ddd8cd;"
    "--wash:#f1eee7;--link:#1b4f8a;--high:#9c1c14;--medium:#7d5200;--low:#5a5f66;--mark:#ffe59a;"
    "--markink:#1c1b19;--ok:#2c6e49}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#17181b;--ink:#e8e5de;--soft:#aaa69d;"
    "--rule:#383a40;--wash:#202227;--link:#93bdf2;--high:#ff9d90;--medium:#e8bd66;--low:#a9b0ba;"
    "--mark:#5a4700;--markink:#fff3cf;--ok:#7fcf9f}}\n"
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 " SERIF "}\n"
    "main,header.top,footer{max-inline-size:62rem;margin-inline:auto;padding-inline:1.25rem}\n"
    "header.top{padding-block:1.1rem .6rem;border-block-end:1px solid var(--rule);"
    "font-family:" SANS ";display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;align-items:baseline}\n"
    ".name{margin:0;font-weight:700;letter-spacing:.01em}\n"
    "nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;"
    "font-size:.9375rem}\n"
    "nav a{display:inline-block;padding-block:.3rem;text-decoration:none}\n"
    "nav a[aria-current]{color:var(--ink);box-shadow:inset 0 -2px var(--ink)}\n"
    ".skip{position:absolute;inset-inline-start:-99rem}\n"
    ".skip:focus{inset-inline-start:1rem;inset-block-start:.5rem;background:var(--paper);"
    "padding:.5rem 1rem;outline:2px solid var(--link)}\n"
    "main{padding-block:1.2rem 2.5rem}\n"
    "footer{border-block-start:1px solid var(--rule);padding-block:1rem 2rem;color:var(--soft);"
    "font:.8125rem/1.5 " SANS "}\n"
    "h1{font-size:1.9rem;line-height:1.22;margin:.6rem 0 .3rem;text-wrap:balance;"
    "overflow-wrap:anywhere}\n"
    "h2{font-size:1.3rem;line-height:1.3;margin:2.4rem 0 .6rem;padding-block-start:.5rem;"
    "border-block-start:3px double var(--rule)}\n"
    "h3{font-size:1.12rem;line-height:1.35;margin:1.5rem 0 .25rem;overflow-wrap:anywhere}\n"
    "p{margin:.35rem 0 .7rem}\n"
    "a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}\n"
    "h3 a{color:inherit;text-decoration-color:var(--rule)}\n"
    "a:hover{text-decoration-thickness:2px}\n"
    "a:focus-visible{outline:2px solid var(--link);outline-offset:2px}\n"
    ".meta,.lead,table,figure,.facts,.note,.legend,details{font-family:" SANS "}\n"
    ".meta,.note{color:var(--soft);font-size:.875rem;line-height:1.5;margin:.15rem 0 .5rem;"
    "overflow-wrap:anywhere}\n"
    ".lead{font-size:1.0625rem;color:var(--soft);margin-block-end:1.2rem}\n"
    ".badge{display:inline-block;font:700 .6875rem/1.5 " SANS ";text-transform:uppercase;"
    "letter-spacing:.06em;padding:.02rem .4rem;border:1px solid currentcolor;border-radius:.2rem;"
    "margin-inline-end:.35rem;vertical-align:.1em;white-space:nowrap}\n"
    ".s3{color:var(--high)}.s2{color:var(--medium)}.s1{color:var(--low)}\n"
    ".badge.s3{background:var(--high);border-color:var(--high);color:var(--paper)}\n"
    ".ok{color:var(--ok)}\n"
    "blockquote{margin:.4rem 0 .6rem;padding-inline-start:.9rem;"
    "border-inline-start:3px solid var(--rule);max-inline-size:44rem;overflow-wrap:anywhere}\n"
    "mark{background:var(--mark);color:var(--markink);padding:0 .12em;font-weight:600;"
    "border-radius:.1em}\n"
    ".term{font-weight:inherit;text-decoration:underline dotted;text-underline-offset:.2em}\n"
    "article.story{max-inline-size:46rem}\n"
    ".unconfirmed{border:1px dashed var(--soft);padding:.2rem 1rem .5rem;border-radius:.3rem;"
    "margin-block:.8rem}\n",
    "table{border-collapse:collapse;inline-size:100%;font-size:.875rem;line-height:1.45}\n"
    "caption{text-align:start;color:var(--soft);padding-block-end:.3rem}\n"
    "th,td{text-align:start;vertical-align:top;padding:.32rem .8rem .32rem 0;"
    "border-block-end:1px solid var(--rule);overflow-wrap:anywhere}\n"
    "thead th{color:var(--soft);font-weight:600;white-space:nowrap}\n"
    "tbody th{font-weight:500}\n"
    ".n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "td time,.meta time{white-space:nowrap}\n"
    ".scroll{overflow-x:auto}.scroll+.scroll{margin-block-start:1.2rem}\n"
    ".facts{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.15rem 1rem;"
    "font-size:.875rem;line-height:1.5;margin:.6rem 0}\n"
    ".facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}\n"
    ".tree{list-style:none;padding:0;margin:.5rem 0}\n"
    ".tree li{padding-block:.45rem;border-block-end:1px solid var(--rule)}\n"
    ".tree p{margin:0}\n"
    ".d1,.d2,.d3,.d4{border-inline-start:2px solid var(--rule);padding-inline-start:.8rem}\n"
    ".d1{margin-inline-start:.6rem}.d2{margin-inline-start:1.6rem}"
    ".d3{margin-inline-start:2.6rem}.d4{margin-inline-start:3.6rem}\n"
    ".days{list-style:none;padding:0;margin:.3rem 0}\n"
    ".days li{padding-block:.35rem;border-block-end:1px solid var(--rule);line-height:1.45;"
    "overflow-wrap:anywhere}\n"
    ".days .meta{margin:0}\n"
    "figure{margin:1rem 0;max-inline-size:34rem}\n"
    "svg{display:block;inline-size:100%;block-size:auto;overflow:visible}\n"
    "svg text{font-family:" SANS ";font-size:10px;fill:var(--soft)}\n"
    "svg .axis{stroke:var(--soft);stroke-width:.6}svg .grid{stroke:var(--rule);"
    "stroke-width:.5}\n"
    "svg .b3{fill:var(--high)}svg .b2{fill:var(--medium);fill-opacity:.72}"
    "svg .b1{fill:var(--low);fill-opacity:.5}\n"
    "svg .mk{fill:none;stroke:var(--ink);stroke-width:1.3}\n"
    "svg .ro{fill:var(--ok);fill-opacity:.5}svg .rp{fill:var(--medium)}svg .rf{fill:var(--high)}"
    "svg .rn{fill:var(--rule)}\n"
    "svg.spark{inline-size:6rem;block-size:1.35rem}aside svg.spark{inline-size:4rem}\n"
    ".legend{font-size:.8125rem;color:var(--soft);margin:.2rem 0 .6rem}\n"
    ".key{display:inline-block;inline-size:.75em;block-size:.75em;margin-inline:0 .35em}\n"
    ".key.b3{background:var(--high)}.key.b2{background:var(--medium);opacity:.72}"
    ".key.b1{background:var(--low);opacity:.5}.key.ro{background:var(--ok);opacity:.5}"
    ".key.rp{background:var(--medium)}.key.rf{background:var(--high)}"
    ".key.rn{background:var(--rule)}\n",
    "details{margin:.3rem 0 1rem;font-size:.875rem}summary{cursor:pointer;color:var(--link)}\n"
    ".columns{display:grid;gap:0 2.6rem}.columns "
    "section:first-child>h2{margin-block-start:1.4rem}\n"
    "@media (min-width:60rem){.columns{grid-template-columns:minmax(0,1fr) 19rem}"
    ".columns section:first-child>h2{margin-block-start:.4rem}}\n"
    "@media (max-width:40rem){h1{font-size:1.5rem}.wide{display:none}"
    "svg text{font-size:12.5px}.facts{grid-template-columns:1fr}.facts "
    "dd{margin-block-end:.4rem}}\n"
    "@media print{:root{--paper:#fff;--ink:#000;--soft:#333;--rule:#bbb;--wash:#fff;--link:#000;"
    "--high:#000;--medium:#555;--low:#777;--mark:#e4e4e4;--markink:#000;--ok:#999}"
    "html{font-size:10pt}body{font-size:1rem}nav,.skip{display:none}main,header.top,footer{max-"
    "inline-size:none;"
    "padding-inline:0}h2,h3{break-after:avoid}article,figure,tr,.tree li,.days li,blockquote{"
    "break-inside:avoid}svg .b2{fill-opacity:.55}svg .b1{fill-opacity:.28}"
    "a.out:not(.bare)::after{content:' <' attr(href) '>';font-size:.8em;overflow-wrap:anywhere}"
    "a{text-decoration:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "details::details-content{content-visibility:visible;block-size:auto}}\n",
};

void report_style_put(struct buf *out)
{
    for (size_t i = 0; i < WW_COUNT(parts); i++)
        buf_add_string(out, parts[i]);
}
