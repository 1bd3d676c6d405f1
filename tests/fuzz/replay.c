/*
 * replay.c - a fuzz target without its fuzzer: runs the files it is given, and every file cut short
 * at a number of places, so that any compiler's build meets the corpus.
 *
 *     fuzz_url FILE...
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX_BYTES = 1024 * 1024, CUTS = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* From memory of exactly that size: what reads behind the end is found out. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < size; i++)
        copy[i] = data[i];
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

int main(int argc, char **argv)
{
    static uint8_t bytes[FILE_MAX_BYTES];

    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "rb");
        size_t size;

        if (f == NULL) {
            perror(argv[i]);
            return EXIT_FAILURE;
        }
        size = fread(bytes, 1, sizeof(bytes), f);
        (void)fclose(f);
        for (size_t cut = 0; cut < CUTS; cut++)
            run(bytes, size * cut / CUTS);
        run(bytes, size);
    }
    return EXIT_SUCCESS;
}
