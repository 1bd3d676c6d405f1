/*
 * nesting_names.h - the elements that have rules of their own, and which: the data of nesting.c.
 *
 * After the tree construction of the HTML standard, section 13.2.6; obsolete elements too, because
 * pages have them.
 */
#ifndef WW_EXTRACTORS_NESTING_NAMES_H
#define WW_EXTRACTORS_NESTING_NAMES_H

#include <stdint.h>

enum {
    VOID = 1 << 0,       /* has no content */
    SPECIAL = 1 << 1,    /* stops the search of an end tag without rules of its own */
    FORMATTING = 1 << 2, /* closed by the adoption agency */
    BLOCK = 1 << 3,      /* its start closes a paragraph */
    SCOPE = 1 << 4,      /* a boundary of every scope */
    MARKER = 1 << 5,     /* sets a marker in the list of formatting elements */
    RAW = 1 << 6,        /* content is text up to its end tag */
    HEADING = 1 << 7,
    CELL = 1 << 8,        /* td, th */
    SECTION = 1 << 9,     /* tbody, thead, tfoot */
    TABLE_OUT = 1 << 10,  /* caption, colgroup: children of table alone */
    OUTER = 1 << 11,      /* html, head, body: never counted, never closed */
    BREAKOUT = 1 << 12,   /* ends SVG and MathML */
    END_SCOPED = 1 << 13, /* its end tag asks for it in scope, then closes all inside */
    FOREIGN = 1 << 14,
    INTEGRATION = 1 << 15, /* a foreign element whose content is HTML */
    PARAGRAPH = 1 << 16,
    ITEM = 1 << 17,       /* li */
    DEFINITION = 1 << 18, /* dd, dt */
    LIST = 1 << 19,       /* ol, ul: a boundary for li */
    BUTTON = 1 << 20,
    OPTION = 1 << 21,
    OPTION_GROUP = 1 << 22,
    SELECT = 1 << 23,
    LEAVES_SELECT = 1 << 24, /* its start ends an open select */
    TEMPLATE = 1 << 25,
    TABLE = 1 << 26,
    ROW = 1 << 27,
    FORM = 1 << 28,
    SINGLE = 1 << 29, /* a formatting element that closes its like */
    ROOT = 1 << 30    /* svg, math */
};
/* div, p, address do not stop the search for an open item. */
#define LOOSE 0x80000000u
#define TABLE_PART (CELL | SECTION | TABLE_OUT | ROW)

struct name_entry {
    const char *name;
    uint32_t flags;
};

#define GROUP (SPECIAL | BLOCK | END_SCOPED)
#define FLOW (GROUP | BREAKOUT)

/* Sorted by name: the lookup is a binary search. */
static const struct name_entry names[] = {
    {"a",          FORMATTING | SINGLE                           },
    {"address",    GROUP | LOOSE                                 },
    {"applet",     SPECIAL | SCOPE | MARKER | END_SCOPED         },
    {"area",       VOID                                          },
    {"article",    GROUP                                         },
    {"aside",      GROUP                                         },
    {"b",          FORMATTING | BREAKOUT                         },
    {"base",       VOID                                          },
    {"basefont",   VOID                                          },
    {"bgsound",    VOID                                          },
    {"big",        FORMATTING | BREAKOUT                         },
    {"blockquote", FLOW                                          },
    {"body",       OUTER | BREAKOUT                              },
    {"br",         VOID | BREAKOUT                               },
    {"button",     SPECIAL | END_SCOPED | BUTTON                 },
    {"caption",    SPECIAL | SCOPE | MARKER | TABLE_OUT          },
    {"center",     FLOW                                          },
    {"code",       FORMATTING | BREAKOUT                         },
    {"col",        VOID                                          },
    {"colgroup",   SPECIAL | TABLE_OUT                           },
    {"dd",         FLOW | DEFINITION                             },
    {"details",    GROUP                                         },
    {"dir",        GROUP                                         },
    {"div",        FLOW | LOOSE                                  },
    {"dl",         FLOW                                          },
    {"dt",         FLOW | DEFINITION                             },
    {"em",         FORMATTING | BREAKOUT                         },
    {"embed",      VOID | BREAKOUT                               },
    {"fieldset",   GROUP                                         },
    {"figcaption", GROUP                                         },
    {"figure",     GROUP                                         },
    {"font",       FORMATTING                                    },
    {"footer",     GROUP                                         },
    {"form",       SPECIAL | BLOCK | FORM                        },
    {"frame",      VOID                                          },
    {"frameset",   SPECIAL                                       },
    {"h1",         SPECIAL | BLOCK | HEADING | BREAKOUT          },
    {"h2",         SPECIAL | BLOCK | HEADING | BREAKOUT          },
    {"h3",         SPECIAL | BLOCK | HEADING | BREAKOUT          },
    {"h4",         SPECIAL | BLOCK | HEADING | BREAKOUT          },
    {"h5",         SPECIAL | BLOCK | HEADING | BREAKOUT          },
    {"h6",         SPECIAL | BLOCK | HEADING | BREAKOUT          },
    {"head",       OUTER | BREAKOUT                              },
    {"header",     GROUP                                         },
    {"hgroup",     GROUP                                         },
    {"hr",         VOID | BLOCK | BREAKOUT                       },
    {"html",       OUTER                                         },
    {"i",          FORMATTING | BREAKOUT                         },
    {"iframe",     RAW                                           },
    {"image",      VOID                                          },
    {"img",        VOID | BREAKOUT                               },
    {"input",      VOID | LEAVES_SELECT                          },
    {"isindex",    VOID                                          },
    {"keygen",     VOID | LEAVES_SELECT                          },
    {"li",         FLOW | ITEM                                   },
    {"link",       VOID                                          },
    {"listing",    FLOW                                          },
    {"main",       GROUP                                         },
    {"marquee",    SPECIAL | SCOPE | MARKER | END_SCOPED         },
    {"math",       ROOT                                          },
    {"menu",       FLOW                                          },
    {"menuitem",   VOID                                          },
    {"meta",       VOID | BREAKOUT                               },
    {"nav",        GROUP                                         },
    {"nobr",       FORMATTING | SINGLE | BREAKOUT                },
    {"noembed",    RAW                                           },
    {"noframes",   RAW                                           },
    {"noscript",   SPECIAL                                       },
    {"object",     SPECIAL | SCOPE | MARKER | END_SCOPED         },
    {"ol",         FLOW | LIST                                   },
    {"optgroup",   OPTION_GROUP                                  },
    {"option",     OPTION                                        },
    {"p",          SPECIAL | BLOCK | BREAKOUT | PARAGRAPH | LOOSE},
    {"param",      VOID                                          },
    {"plaintext",  SPECIAL | BLOCK                               },
    {"pre",        FLOW                                          },
    {"ruby",       BREAKOUT                                      },
    {"s",          FORMATTING | BREAKOUT                         },
    {"script",     RAW                                           },
    {"section",    GROUP                                         },
    {"select",     SPECIAL | SELECT | LEAVES_SELECT              },
    {"small",      FORMATTING | BREAKOUT                         },
    {"source",     VOID                                          },
    {"span",       BREAKOUT                                      },
    {"strike",     FORMATTING | BREAKOUT                         },
    {"strong",     FORMATTING | BREAKOUT                         },
    {"style",      RAW                                           },
    {"sub",        BREAKOUT                                      },
    {"summary",    GROUP                                         },
    {"sup",        BREAKOUT                                      },
    {"svg",        ROOT                                          },
    {"table",      SPECIAL | SCOPE | BREAKOUT | TABLE            },
    {"tbody",      SPECIAL | SECTION                             },
    {"td",         SPECIAL | SCOPE | MARKER | CELL               },
    {"template",   SPECIAL | SCOPE | MARKER | TEMPLATE           },
    {"textarea",   RAW | LEAVES_SELECT                           },
    {"tfoot",      SPECIAL | SECTION                             },
    {"th",         SPECIAL | SCOPE | MARKER | CELL               },
    {"thead",      SPECIAL | SECTION                             },
    {"title",      RAW                                           },
    {"tr",         SPECIAL | ROW                                 },
    {"track",      VOID                                          },
    {"tt",         FORMATTING | BREAKOUT                         },
    {"u",          FORMATTING | BREAKOUT                         },
    {"ul",         FLOW | LIST                                   },
    {"var",        BREAKOUT                                      },
    {"wbr",        VOID                                          },
    {"xmp",        BLOCK | RAW                                   },
};

/* Elements of SVG and MathML whose content is HTML again. */
static const char *const integration_points[] = {
    "annotation-xml", "desc", "foreignobject", "mi", "mn", "mo", "ms", "mtext", "title",
};

#undef GROUP
#undef FLOW

#endif
