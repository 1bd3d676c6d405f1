/* fuzz_csv.c - any bytes as a table; what was read must survive being written and read again. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct csv_table table;
    struct csv_table again;
    struct buf out;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&out, (size_t)64 * 1024 * 1024);
    if (csv_parse(slice_of(data, size), "f", &arena, &table, NULL) == WW_OK) {
        /* A lone empty cell is an empty line, which is no row. */
        bool is_blank = table.header.n_cells == 1 && table.header.cells[0].len == 0;

        csv_add_row(&out, table.header.cells, table.header.n_cells);
        if (!is_blank) {
            enum ww_status status = csv_parse(buf_slice(&out), "g", &arena, &again, NULL);

            assert(status == WW_OK);
            (void)status;
            assert(again.header.n_cells >= 1);
        }
    }
    buf_release(&out);
    arena_release(&arena);
    return 0;
}
