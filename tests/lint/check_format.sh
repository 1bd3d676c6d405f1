#!/bin/sh
# Every file named is as clang-format would have it.
set -eu
clang-format --dry-run -Werror "$@"
echo "format: $# files"
