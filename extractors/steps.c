/* steps.c - names of steps to bits. */
#include "extractors/steps.h"

const char *const step_names[STEP_COUNT] = {
    [STEP_LATE] = "late",
    [STEP_NAMES] = "names",
    [STEP_NAMES_INSIDE] = "names-inside",
    [STEP_LINKS] = "links",
    [STEP_CONTAINER_NAMES] = "container-names",
    [STEP_THIN] = "thin",
    [STEP_TEASERS] = "teasers",
    [STEP_PIECES] = "pieces",
    [STEP_PARTS] = "parts",
    [STEP_NEIGHBOURS] = "neighbours",
    [STEP_LEAD] = "lead",
    [STEP_LINES] = "lines",
    [STEP_RESCUE] = "rescue",
    [STEP_STATE] = "state",
};

enum ww_status steps_parse(struct slice names, uint32_t *without, struct ww_error *err)
{
    *without = 0;
    while (names.len > 0) {
        struct slice name = slice_head(names, slice_find_char(names, ','));
        unsigned step = 0;

        while (step < STEP_COUNT && !slice_equal(name, slice_from(step_names[step])))
            step++;
        if (step == STEP_COUNT)
            return ww_fail(err, WW_INVALID, "there is no step \"%.*s\" to leave out",
                           SLICE_ARG(name));
        *without |= 1U << step;
        names = slice_skip(names, name.len + 1);
    }
    return WW_OK;
}
