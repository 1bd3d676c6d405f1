/*
 * store_server.h - databases of tests on the server that $WW_TEST_STORE names.
 *
 * For store.c. A database has the name of its test's folder in /tmp: who knows the one finds the
 * other. Every fault fails the test.
 */
#ifndef WW_TESTS_SUPPORT_STORE_SERVER_H
#define WW_TESTS_SUPPORT_STORE_SERVER_H

#include <stddef.h>

/* $WW_TEST_STORE, or NULL: stores are files. */
const char *test_server(void);
/* A copy of the template; its address goes to out, as of snprintf. */
int test_server_make(const char *name, char *out, size_t size);
void test_server_drop(const char *address);
/* Nobody may be connected. */
void test_server_keep(const char *address);
void test_server_go_back(const char *address);
/* Does the database take these statements? Types of values are found from where they stand. */
void test_server_prepare(const char *address, const char *const *texts, size_t n);
/* The folder for the archive of a database, NULL of a file: it finds its own. */
const char *test_server_archive(const char *address, char *out, size_t size);

#endif
