/* zipped.c - every end of a directory within reach of the end of the file. */
#include "base/zipped.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The fixed parts of the end of a directory, and of its larger kind (APPNOTE 4.3.14 to 4.3.16). */
#define END_BYTES 22
#define LOCATOR_BYTES 20
#define LARGE_END_BYTES 56
#define COMMENT_MAX_BYTES 65535

static uint64_t number_at(const unsigned char *bytes, size_t n)
{
    uint64_t value = 0;

    while (n-- > 0)
        value = value << 8 | bytes[n];
    return value;
}

/* What the larger kind says, which the locator before an end leads to; it may be anywhere. */
static uint64_t large_directory_bytes(int fd, const unsigned char *locator)
{
    unsigned char large[LARGE_END_BYTES];
    const off_t at = (off_t)(number_at(locator + 8, 8) & INT64_MAX);

    if (memcmp(locator, "PK\006\007", 4) != 0)
        return 0;
    if (pread(fd, large, sizeof(large), at) != (ssize_t)sizeof(large))
        return 0;
    return number_at(large + 40, 8);
}

static uint64_t bytes_of_end(int fd, const unsigned char *end, bool has_room)
{
    const uint64_t small = number_at(end + 12, 4);
    const uint64_t large = has_room ? large_directory_bytes(fd, end - LOCATOR_BYTES) : 0;

    return large > small || (large > 0 && small == UINT32_MAX) ? large : small;
}

/* 0: there is none. */
static uint64_t directory_bytes(int fd, uint64_t file_bytes)
{
    unsigned char tail[END_BYTES + COMMENT_MAX_BYTES + LOCATOR_BYTES];
    const size_t want = file_bytes < sizeof(tail) ? (size_t)file_bytes : sizeof(tail);
    const ssize_t n = pread(fd, tail, want, (off_t)(file_bytes - want));
    uint64_t most = 0;

    for (ssize_t i = 0; i <= n - END_BYTES; i++) {
        const bool is_end = memcmp(tail + i, "PK\005\006", 4) == 0;
        const uint64_t bytes = is_end ? bytes_of_end(fd, tail + i, i >= LOCATOR_BYTES) : 0;

        most = bytes > most ? bytes : most;
    }
    return most;
}

enum ww_status zipped_check_directory(const char *path, size_t max_bytes, struct ww_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    enum ww_status status = WW_OK;

    if (fd < 0 || fstat(fd, &about) != 0)
        status = ww_fail(err, WW_UNREACHABLE, "%s", strerror(errno));
    else if (directory_bytes(fd, (uint64_t)about.st_size) > max_bytes)
        status = ww_fail(err, WW_TOO_BIG, "the directory of a zip file over %zu bytes", max_bytes);
    if (fd >= 0)
        (void)close(fd);
    return status;
}
