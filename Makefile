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
            libxxhash libcrypto libseccomp libzip
# The shared store: where libpq is found, unless WITHOUT_POSTGRESQL=1.
POSTGRESQL := $(if $(WITHOUT_POSTGRESQL),,$(if $(shell pkg-config --silence-errors --modversion libpq),libpq))

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
link     := -pthread -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed
werror   := $(if $(WERROR),-Werror)

pkg_cflags := $(shell pkg-config --cflags $(LIBS) 2>/dev/null | sed 's/-I/-isystem /g')
pkg_libs   := $(shell pkg-config --libs $(LIBS) $(POSTGRESQL) 2>/dev/null) -lm

standard := -std=c17 -D_POSIX_C_SOURCE=200809L -DWW_VERSION='"$(VERSION)"' -I. $(pkg_cflags)
cflags    = $(standard) $(warn) $(hard) $(CFLAGS) $(extra) $(CPPFLAGS)
quoted    = '$(subst ','\'',$(1))'

# ---- sources ---------------------------------------------------------------------------------------
without  := $(if $(POSTGRESQL),,storage/db_postgres%.c)
sources  := $(filter-out $(without),$(sort $(foreach r,$(ROOMS),$(wildcard $(r)/*.c $(r)/*/*.c))))
library  := $(filter-out cli/main.c,$(sources))
tests    := $(sort $(foreach r,$(ROOMS),$(wildcard tests/$(r)/test_*.c)))
support  := $(sort $(wildcard tests/support/*.c))
servers  := $(sort $(wildcard tests/newsroom/*.c))
benches  := $(sort $(wildcard tests/bench/bench_*.c))
fuzzers  := $(sort $(wildcard tests/fuzz/fuzz_*.c))
replay   := tests/fuzz/replay.c
headers  := $(sort $(foreach r,$(ROOMS),$(wildcard $(r)/*.h $(r)/*/*.h)))
ours     := $(sources) $(headers) $(tests) $(support) $(servers) $(benches) $(fuzzers) $(replay) \
            $(sort $(wildcard tests/support/*.h tests/newsroom/*.h tests/bench/*.h tests/fuzz/*.h))
object    = $(patsubst %.c,$(B)/%.o,$(1))
program   = $(patsubst %.c,$(B)/%,$(1))
replayed  = $(patsubst %.c,$(B)/%.replay.o,$(fuzzers))

.PHONY: all newsroom check soak soak-fuzz lint format fuzz coverage bench man install uninstall clean help demo deps analyze tests \
        fuzzers force
.DELETE_ON_ERROR:
.SECONDARY:

all: wirewatch ## build ./wirewatch (CC=clang, SANITIZE=address,undefined, COVERAGE=1, WITHOUT_POSTGRESQL=1, V=1)

# The link shows the flavour that was built last, however old its program is.
wirewatch: $(B)/wirewatch force
	@[ "$$(readlink $@)" = $< ] || ln -sfn $< $@

$(B)/wirewatch: $(call object,cli/main.c) $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) $(link) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(LDLIBS)

$(B)/libwirewatch.a: $(call object,$(library)) $(B)/rooms
	@rm -f $@
	$(say) "  AR   $@"
	$(quiet)$(AR) rcs $@ $(filter %.o,$^)

$(B)/libsupport.a: $(call object,$(support)) $(B)/rooms
	@rm -f $@
	$(say) "  AR   $@"
	$(quiet)$(AR) rcs $@ $(filter %.o,$^)

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(say) "  CC   $<"
	$(quiet)$(CC) $(cflags) $(datadir) $(engines) $(werror) -MMD -MP -c -o $@ $<

# Where an installed program finds its watchlists is known to one file: PREFIX costs one object.
$(B)/cli/environment.o: $(B)/datadir
datadir = $(if $(filter %/environment.o,$@),-DWW_DATADIR='"$(DATADIR)"')
# Which engines there are is known to the store, and to what makes the tests' databases.
postgresql := $(if $(POSTGRESQL),-DWW_POSTGRESQL=1 $(shell pkg-config --cflags libpq | sed 's/-I/-isystem /g'))
engines = $(if $(filter $(B)/storage/% $(B)/tests/support/%,$@),$(postgresql))

# Files that are written only when what they say changes: objects are made anew with the flags (not
# for -Werror, which changes no object), libraries when a source file comes or goes.
remember = mkdir -p $(@D) && { echo $(call quoted,$(1)) | cmp -s - $@ || echo $(call quoted,$(1)) >$@; }
$(B)/flags: force
	@pkg-config --exists --print-errors $(LIBS) || { echo "make deps installs what is missing" >&2; exit 1; }
	@$(call remember,$(CC) $(cflags) $(postgresql))
$(B)/datadir: force
	@$(call remember,$(DATADIR))
$(B)/rooms: force
	@$(call remember,$(library) $(support))

test_libs = $(shell pkg-config --libs cmocka libmicrohttpd libssl) -lpthread
$(call program,$(tests)): $(B)/%: $(B)/%.o $(if $(support),$(B)/libsupport.a) $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) $(link) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(test_libs) $(LDLIBS)
$(call program,$(servers) $(benches)): $(B)/%: $(B)/%.o $(if $(support),$(B)/libsupport.a) $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) $(link) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(test_libs) $(LDLIBS)
# A peer of one bench, where it is installed.
hyperscan := $(shell pkg-config --silence-errors --libs libhs)
ifneq ($(hyperscan),)
$(B)/tests/bench/bench_match.o: private standard += -DWITH_HYPERSCAN $(shell pkg-config --cflags libhs | sed 's/-I/-isystem /g')
$(B)/tests/bench/bench_match: private LDLIBS += $(hyperscan)
endif
# In a build for fuzzing each target is a program with libFuzzer's main. In every other all of them
# are one program that replays their seeds, where each has the name of its file.
$(call program,$(fuzzers)): $(B)/%: $(B)/%.o $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(pkg_libs) $(LDLIBS)
$(call program,$(replay)): $(call object,$(replay)) $(replayed) $(B)/libwirewatch.a
	$(say) "  LINK $@"
	$(quiet)$(CC) $(extra) $(link) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(LDLIBS)
$(B)/%.replay.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(say) "  CC   $<"
	$(quiet)$(CC) $(cflags) -DLLVMFuzzerTestOneInput=$(notdir $*) $(werror) -MMD -MP -c -o $@ $<

# ---- what people call -------------------------------------------------------------------------------
# Warnings are errors where work is checked, never where a packager builds. Targets that need packages
# install them first and start make anew, so that pkg-config is asked again.
again    := +@$(MAKE) --no-print-directory

tests: newsroom $(call program,$(tests) $(replay))
newsroom: wirewatch $(call program,$(servers))

# Which engine keeps the stores of the tests, and what those run beside.
STORE ?= sqlite
$(if $(filter sqlite postgresql,$(STORE)),,$(error STORE is sqlite or postgresql))
beside_postgresql := tests/support/cluster.sh
check: ## every test, some seven minutes on two cores; STORE=postgresql: each that has a store, on a server of its own
	@tests/lint/deps.sh build test $(filter postgresql,$(STORE))
	$(again) WERROR=1 tests
	@B=$(B) $(beside_$(STORE)) tests/run

soak: ## the long tests: 200 killed runs, 1,000 killed while mail is sent, hostile corpus, n-th failures; then soak-fuzz
	@tests/lint/deps.sh build test fuzz
	$(again) WERROR=1 tests
	@B=$(B) SOAK=1 tests/run
	$(again) soak-fuzz

soak-fuzz: fuzz ## a million executions of each fuzz target, or go on with them (SECONDS=3600)
	@B=build/clang-fuzz tests/fuzz/soak.sh

demo: ## install what is missing, crawl the bundled newsroom twice, show alerts and digest; STORE=postgresql
	@tests/lint/deps.sh build test $(filter postgresql,$(STORE))
	$(again) newsroom
	@B=$(B) $(beside_$(STORE)) tests/newsroom/demo.sh

lint: ## arrows, library rooms, banned functions, texts, manual, format
	@tests/lint/deps.sh build test lint
	$(again) WERROR=1 all
	@tests/lint/check_layers.sh
	@B=$(B) tests/lint/check_symbols.sh
	@tests/lint/check_texts.sh
	$(again) man
	@tests/lint/check_format.sh $(ours)

format: ## let clang-format decide
	@tests/lint/deps.sh lint
	clang-format -i $(ours)

# Pages of any section: docs/wirewatch-watchlist.5 is man5/wirewatch-watchlist.5.
manual := $(sort $(wildcard docs/*.[1-8]))
man_of  = man$(subst .,,$(suffix $(m)))/$(notdir $(m))
man: ## check the manual
	@mandoc -T lint -W warning $(manual) && echo "manual: no warning"

analyze: ## gcc -fanalyzer and clang-tidy, one file a call
	@tests/lint/deps.sh build test lint analyze
	@CFLAGS=$(call quoted,$(standard) -DWW_DATADIR='"$(DATADIR)"' $(postgresql)) tests/lint/analyze.sh $(sources)

fuzz: ## build the fuzzers with clang: build/clang-fuzz/tests/fuzz/*
	@tests/lint/deps.sh build fuzz
	$(again) CC=clang FUZZ=1 fuzzers
fuzzers: $(call program,$(fuzzers))

coverage: ## run the tests in a coverage build; lines and branches, by file and in all
	@tests/lint/deps.sh build test
	$(again) COVERAGE=1 coverage-report
coverage-report: tests
	@find $(B) -name '*.gcda' -delete
	@B=$(B) tests/run || echo "the figures are those of tests that failed"
	@B=$(B) tests/lint/coverage.sh $(sources)
.PHONY: coverage-report

bench: ## speed and memory, each beside a peer or the library's own floor in the same run
	@tests/lint/deps.sh build test bench
	$(again) wirewatch $(call program,$(benches) $(servers))
	@B=$(B) tests/bench/run

deps: ## install the Debian packages that are missing (root or sudo); FOR="build test lint"
	@tests/lint/deps.sh $(FOR)
FOR ?= build test lint

install: all ## into DESTDIR and PREFIX, BINDIR, MANDIR, DATADIR, COMPDIR
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/watchlists $(DESTDIR)$(COMPDIR)
	install -m 755 $(B)/wirewatch $(DESTDIR)$(BINDIR)/wirewatch
	$(foreach m,$(manual),install -D -m 644 $(m) $(DESTDIR)$(MANDIR)/$(man_of) &&) true
	cp -R watchlists/. $(DESTDIR)$(DATADIR)/watchlists/
	$(B)/wirewatch completion >$(DESTDIR)$(COMPDIR)/wirewatch
	chmod -R u=rwX,go=rX $(DESTDIR)$(DATADIR) $(DESTDIR)$(COMPDIR)/wirewatch

uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(BINDIR)/wirewatch $(foreach m,$(manual),$(DESTDIR)$(MANDIR)/$(man_of))
	rm -f $(DESTDIR)$(COMPDIR)/wirewatch
	rm -rf $(DESTDIR)$(DATADIR)

clean: ## remove what was built
	rm -rf build wirewatch

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

-include $(patsubst %.c,$(B)/%.d,$(sources) $(tests) $(support) $(servers) $(benches) $(fuzzers) $(replay)) $(replayed:.o=.d)
