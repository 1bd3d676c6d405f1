#!/usr/bin/env python3
"""Writes base/entities_table.h: the named character references of HTML, from Python's own table.

    python3 tests/lint/make_entities.py > base/entities_table.h
"""
import html.entities

known = html.entities.html5
names = sorted({name.rstrip(';') for name in known}, key=lambda name: name.encode())
print('''/*
 * entities_table.h - the named character references of HTML, for base/entities.c alone.
 *
 * Made by tests/lint/make_entities.py: do not edit. Sorted by name, for a bsearch. bare: the
 * standard also knows it without a semicolon.
 */
#ifndef WW_BASE_ENTITIES_TABLE_H
#define WW_BASE_ENTITIES_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct entity_row {
    const char *name;
    uint32_t code[2]; /* the second is 0 for most */
    bool bare;
};

/* Two to a line: */
/* clang-format off */
static const struct entity_row entity_rows[] = {''')
rows = []
for name in names:
    text = known[name + ';'] if name + ';' in known else known[name]
    codes = [ord(c) for c in text] + [0]
    rows.append('{"%s", {%d, %d}, %s},' % (name, codes[0], codes[1], 'true' if name in known else 'false'))
for at in range(0, len(rows), 2):
    print('    ' + ' '.join(rows[at:at + 2]))
print('''};
/* clang-format on */

#endif''')
