# wirewatch: `make help` lists the targets.
#
# One flavour of objects per kind of build, all under build/. CFLAGS, CPPFLAGS and LDFLAGS are the
# packager's; ours stand before them.

CC       ?= cc
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
MANDIR   ?= $(PREFIX)/share/man
DATADIR  ?= $(PREFIX)/share/wirewatch
COMPDIR  ?= $(PREFIX)/share/bash-completion/completions
DESTDIR  ?=
VERSION  := 0.1.0

ROOMS    := base feeds extractors storage crawler alerts cli
LIBS     := libcurl libxml-2.0 gumbo sqlite3 zlib icu-uc icu-i18n uchardet jansson gmime-3.0 inih libpsl \
            libxxhash libcrypto libexttextcat libseccomp

# ---- flavours --------------------------------------------------------------------------------------
FLAVOUR  := $(notdir $(firstword $(CC)))
ifneq ($(SANITIZE),)
FLAVOUR  := $(FLAVOUR)-sanitize
extra    := -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all -DWW_SANITIZED=1
endif
ifneq ($(COVERAGE),)
FLAVOUR  := $(FLAVOUR)-coverage
extra    := --coverage -O0 -DWW_SANITIZED=1
endif
ifneq ($(FUZZ),)
FLAVOUR  := $(FLAVOUR)-fuzz
extra    := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DWW_SANITIZED=1
endif
B        ?= build/$(FLAVOUR)

# V=1 shows the commands.
quiet    := $(if $(V),,@)
say      := @$(if $(V),:,echo)

try      = $(if $(shell $(CC) -Werror $(1) -c -x c -o /dev/null - </dev/null 2>&1),,$(1))
warn     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wundef -Wvla \
            -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wformat=2 \
            -Wimplicit-fallthrough -Wswitch-enum
fortify  := $(if $(extra),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
hard     := $(fortify) -fstack-protector-strong -fPIE \
            $(foreach f,-fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero,$(call try,$(f)))
link     := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed
werror   := $(if $(WERROR),-Werror)

pkg_cflags := $(shell pkg-config --cflags $(LIBS) 2>/dev/null | sed 's/-I/-isystem /g')
pkg_libs   := $(shell pkg-config --libs $(LIBS) 2>/dev/null)

cflags   := -std=c17 -D_POSIX_C_SOURCE=200809L -DWW_VERSION='"$(VERSION)"' -DWW_DATADIR='"$(DATADIR)"' \
            -I. $(pkg_cflags) $(warn) $(hard) $(werror) $(CFLAGS) $(extra)

# ---- sources ---------------------------------------------------------------------------------------
sources  := $(sort $(foreach r,$(ROOMS),$(wildcard $(r)/*.c)))
library  := $(filter-out cli/main.c,$(sources))
tests    := $(sort $(foreach r,$(ROOMS),$(wildcard tests/$(r)/test_*.c)))
support  := $(sort $(wildcard tests/support/*.c))
servers  := $(sort $(wildcard tests/newsroom/*.c))
benches  := $(sort $(wildcard tests/bench/bench_*.c))
fuzzers  := $(sort $(wildcard tests/fuzz/fuzz_*.c))
headers  := $(sort $(foreach r,$(ROOMS),$(wildcard $(r)/*.h)))
ours     := $(sources) $(headers) $(tests) $(support) $(servers) $(benches) $(fuzzers) \
            $(sort $(wildcard tests/support/*.h tests/newsroom/*.h tests/bench/*.h tests/fuzz/*.h))
object    = $(patsubst %.c,$(B)/%.o,$(1))
program   = $(patsubst %.c,$(B)/%,$(1))

.PHONY: all check soak lint format fuzz coverage bench man install uninstall clean help demo deps analyze tests
.DELETE_ON_ERROR:
.SECONDARY:

all: wirewatch

wirewatch: $(B)/wirewatch
	@ln -sf $< $@

$(B)/wirewatch: $(call object,cli/main.c) $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) $(link) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(LDLIBS)

$(B)/libwirewatch.a: $(call object,$(library))
	@rm -f $@
	$(say) "  AR   $@"
	$(quiet)$(AR) rcs $@ $^

$(B)/libsupport.a: $(call object,$(support))
	@rm -f $@
	$(say) "  AR   $@"
	$(quiet)$(AR) rcs $@ $^

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(say) "  CC   $<"
	$(quiet)$(CC) $(cflags) $(CPPFLAGS) -MMD -MP -c -o $@ $<

# Objects are made anew when the flags change.
$(B)/flags: force
	@mkdir -p $(B)
	@echo '$(CC) $(subst ','\'',$(cflags) $(CPPFLAGS))' | cmp -s - $@ || echo '$(CC) $(subst ','\'',$(cflags) $(CPPFLAGS))' > $@
.PHONY: force

test_libs = $(shell pkg-config --libs cmocka libmicrohttpd) -lpthread
$(call program,$(tests)): $(B)/%: $(B)/%.o $(if $(support),$(B)/libsupport.a) $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) $(link) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(test_libs) $(LDLIBS)
$(call program,$(servers) $(benches)): $(B)/%: $(B)/%.o $(if $(support),$(B)/libsupport.a) $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) $(link) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(test_libs) $(LDLIBS)
$(call program,$(fuzzers)): $(B)/%: $(B)/%.o $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(pkg_libs) $(LDLIBS)

# ---- what people call -------------------------------------------------------------------------------
tests: wirewatch $(call program,$(tests) $(servers))

check: ## every test, under five minutes
check: deps
	@$(MAKE) --no-print-directory WERROR=1 tests
	@B=$(B) tests/run

soak: ## the long tests: 200 killed runs, hostile corpus, n-th failures
soak: deps
	@$(MAKE) --no-print-directory WERROR=1 tests
	@B=$(B) SOAK=1 tests/run

demo: ## install what is missing, build, crawl the bundled newsroom twice, show alerts and digest
demo: deps
	@$(MAKE) --no-print-directory tests
	@B=$(B) tests/newsroom/demo.sh

deps: ## install the packages that are missing (Debian, root or sudo)
	@tests/lint/deps.sh

lint: ## arrows, library rooms, banned functions, format
lint: deps
	@$(MAKE) --no-print-directory WERROR=1 all
	@tests/lint/check_layers.sh
	@B=$(B) tests/lint/check_symbols.sh
	@tests/lint/check_texts.sh
	@clang-format --dry-run -Werror $(ours) && echo "format: $(words $(ours)) files"

format: ## let clang-format decide
	clang-format -i $(ours)

analyze: ## gcc -fanalyzer and clang-tidy, one file a call
	@tests/lint/analyze.sh '$(cflags)' $(sources)

fuzz: ## build the fuzzers with clang: build/clang-fuzz/tests/fuzz/*
	@$(MAKE) --no-print-directory CC=clang FUZZ=1 fuzzers
.PHONY: fuzzers
fuzzers: $(call program,$(fuzzers))

coverage: ## run the tests in a coverage build, say lines and branches by file
	@$(MAKE) --no-print-directory COVERAGE=1 tests
	@B=build/$(notdir $(firstword $(CC)))-coverage tests/run
	@tests/lint/coverage.sh build/$(notdir $(firstword $(CC)))-coverage

bench: ## speed and memory, each beside a peer or the library's own floor in the same run
	@$(MAKE) --no-print-directory wirewatch $(call program,$(benches) $(servers))
	@B=$(B) tests/bench/run

man: ## check the manual pages
	@mandoc -T lint -W warning docs/*.1 docs/*.5 docs/*.7 2>/dev/null || true

install: all ## honours DESTDIR, PREFIX, BINDIR, MANDIR
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(DATADIR)/watchlists $(DESTDIR)$(COMPDIR)
	install -m 755 $(B)/wirewatch $(DESTDIR)$(BINDIR)/wirewatch
	install -m 644 docs/*.1 $(DESTDIR)$(MANDIR)/man1/
	cp -R watchlists/. $(DESTDIR)$(DATADIR)/watchlists/
	if [ -f docs/wirewatch.bash ]; then install -m 644 docs/wirewatch.bash $(DESTDIR)$(COMPDIR)/wirewatch; fi

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/wirewatch $(DESTDIR)$(MANDIR)/man1/wirewatch*.1 $(DESTDIR)$(COMPDIR)/wirewatch
	rm -rf $(DESTDIR)$(DATADIR)

clean:
	rm -rf build wirewatch

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | sort -u | expand -t 18

-include $(patsubst %.c,$(B)/%.d,$(sources) $(tests) $(support) $(servers) $(benches) $(fuzzers))
