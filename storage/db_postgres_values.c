/*
 * db_postgres_values.c - values in their binary form, there and back
 * (https://www.postgresql.org/docs/15/protocol-overview.html): integers in network order, texts and
 * bytes as they are.
 */
#include "storage/db_postgres.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* pg_type.oid of what we send and get. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_NUMERIC = 1700
};

void postgres_put_number(char out[8], uint64_t n)
{
    for (int i = 7; i >= 0; i--, n >>= 8)
        out[i] = (char)(n & 0xFF);
}

static uint64_t get_number(const char *bytes, int len)
{
    uint64_t n = 0;

    for (int i = 0; i < len; i++)
        n = n << 8 | (unsigned char)bytes[i];
    return n;
}

static double real_of(uint64_t bits)
{
    double real;

    memcpy(&real, &bits, sizeof(real));
    return real;
}

static double short_real_of(uint32_t bits)
{
    float real;

    memcpy(&real, &bits, sizeof(real));
    return (double)real;
}

/*
 * A SUM is of this type: digits of 10,000, the first one's weight, sign, digits behind the point.
 * What does not fit is not a sum of ours: it is the nearest that does.
 */
static int64_t numeric_integer(const char *bytes, int len)
{
    const int n_digits = len >= 8 ? (int)get_number(bytes, 2) : 0;
    const int weight = len >= 8 ? (int16_t)get_number(bytes + 2, 2) : -1;
    const bool is_negative = len >= 8 && get_number(bytes + 4, 2) == 0x4000;
    uint64_t n = 0;

    for (int i = 0; i <= weight; i++) {
        const uint64_t digit =
            i < n_digits && 8 + 2 * i + 2 <= len ? get_number(bytes + 8 + 2 * i, 2) : 0;

        if (n > ((uint64_t)INT64_MAX - digit) / 10000)
            return is_negative ? INT64_MIN : INT64_MAX;
        n = n * 10000 + digit;
    }
    return is_negative ? -(int64_t)n : (int64_t)n;
}

struct db_value postgres_value(const PGresult *result, int row, int column)
{
    struct db_value value = {
        .type = DB_NULL, .bytes = {"", 0}
    };
    const char *bytes = PQgetvalue(result, row, column);
    const int len = PQgetlength(result, row, column);

    if (PQgetisnull(result, row, column))
        return value;
    switch (PQftype(result, column)) {
    case OID_BOOL:
        return db_integer(bytes[0] != 0);
    case OID_INT2:
        return db_integer((int16_t)get_number(bytes, 2));
    case OID_INT4:
        return db_integer((int32_t)get_number(bytes, 4));
    case OID_INT8:
        return db_integer((int64_t)get_number(bytes, 8));
    case OID_NUMERIC:
        return db_integer(numeric_integer(bytes, len));
    case OID_FLOAT8:
        value.type = DB_REAL;
        value.real = real_of(get_number(bytes, 8));
        return value;
    case OID_FLOAT4:
        value.type = DB_REAL;
        value.real = short_real_of((uint32_t)get_number(bytes, 4));
        return value;
    case OID_BYTEA:
        return db_blob(slice_of(bytes, (size_t)len));
    default:
        return db_text(slice_of(bytes, (size_t)len));
    }
}

Oid postgres_type_of(const struct db_value *value)
{
    switch (value->type) {
    case DB_REAL:
        return OID_FLOAT8;
    case DB_TEXT:
        return OID_TEXT;
    case DB_BLOB:
        return OID_BYTEA;
    case DB_NULL: /* an id that is none */
    case DB_INTEGER:
        break;
    }
    return OID_INT8;
}

static void put_real(char out[8], double real)
{
    uint64_t bits;

    memcpy(&bits, &real, sizeof(bits));
    postgres_put_number(out, bits);
}

enum ww_status postgres_encode(const struct db_value *values, size_t n, struct arena *arena,
                               struct parameters *out, struct ww_error *err)
{
    arena_reset(arena);
    for (size_t i = 0; i < n; i++) {
        const struct db_value *v = &values[i];
        struct slice bytes = v->bytes;

        out->formats[i] = 1;
        out->pointers[i] = out->numbers[i];
        out->lengths[i] = (int)sizeof(out->numbers[i]);
        switch (v->type) {
        case DB_NULL:
            out->pointers[i] = NULL;
            out->lengths[i] = 0;
            continue;
        case DB_INTEGER:
            postgres_put_number(out->numbers[i], (uint64_t)v->integer);
            continue;
        case DB_REAL:
            put_real(out->numbers[i], v->real);
            continue;
        case DB_TEXT:
            /* Valid UTF-8 without NUL: what is not becomes U+FFFD, at every use alike. */
            bytes = text_clean(bytes, arena);
            break;
        case DB_BLOB:
            break;
        }
        if (bytes.len > STORE_BLOB_MAX_BYTES)
            return ww_fail(err, WW_TOO_BIG, "a value of %zu bytes, limit %d", bytes.len,
                           STORE_BLOB_MAX_BYTES);
        out->pointers[i] = bytes.ptr != NULL ? bytes.ptr : "";
        out->lengths[i] = (int)bytes.len;
    }
    return arena_check(arena, err);
}
