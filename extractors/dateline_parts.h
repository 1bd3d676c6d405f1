/*
 * dateline_parts.h - what the files that read datelines share; for dateline*.c alone.
 */
#ifndef WW_EXTRACTORS_DATELINE_PARTS_H
#define WW_EXTRACTORS_DATELINE_PARTS_H

#include "base/slice.h"
#include "extractors/dateline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* In the brackets behind the place. */
#define DATELINE_MARK_MAX_BYTES 60

/* The first character; 0: none. */
uint32_t signs_code(struct slice s);

/* Bytes of a space, a dash, a stop or a bracket that s begins with; 0: it begins otherwise. */
size_t signs_space(struct slice s);
size_t signs_dash(struct slice s);
size_t signs_stop(struct slice s);
/* *close: its other half. */
size_t signs_bracket(struct slice s, struct slice *close);

struct slice signs_skip_spaces(struct slice s);
/* Behind dashes, stops and spaces; *has_dash, *has_stop: what was there. */
struct slice signs_skip(struct slice s, bool *has_dash, bool *has_stop);
/* Without spaces around and dashes behind. */
struct slice signs_trim(struct slice s);

/* Of a script without capitals: Arabic, Hebrew, the Indian ones, Han and what stands with it. */
bool signs_is_caseless(uint32_t code);
/* May a sentence begin so? */
bool signs_begin_sentence(struct slice s);
bool signs_has_digit(struct slice s);

/* Behind "Hong Gildong reporter =", if s begins so. */
struct slice dateline_skip_reporter(struct slice s);

/* Does s hold one of a list with bars between? */
bool dateline_has_word(struct slice s, const char *list);

/* "新华社北京10月26日电（记者王明）", "【ロンドン共同】", "(서울=연합뉴스) 홍길동 기자 =". */
bool dateline_read_cjk(struct slice line, struct arena *arena, struct dateline *out);

#endif
