/* http_routes.c - see http_routes.h. */
#include "tests/support/http_routes.h"

#include "tests/support/http_log.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ROUTES_MAX = 20000 };

struct route {
    struct http_route said;
    unsigned n_used;
};

static char *copy_string(const char *s)
{
    return s == NULL ? NULL : strdup(s);
}

static void route_free(struct route *r)
{
    if (r == NULL)
        return;
    free((void *)(uintptr_t)r->said.host);
    free((void *)(uintptr_t)r->said.path);
    free((void *)(uintptr_t)r->said.type);
    free((void *)(uintptr_t)r->said.etag);
    free((void *)(uintptr_t)r->said.last_modified);
    free((void *)(uintptr_t)r->said.location);
    free((void *)(uintptr_t)r->said.retry_after);
    free((void *)(uintptr_t)r->said.headers);
    free((void *)(uintptr_t)r->said.body.ptr);
    free(r);
}

void http_routes_init(struct http_routes *r)
{
    *r = (struct http_routes){.routes = NULL};
    pthread_mutex_init(&r->lock, NULL);
}

void http_routes_release(struct http_routes *r)
{
    for (size_t i = 0; i < r->n_routes; i++)
        route_free(r->routes[i]);
    free(r->routes);
    pthread_mutex_destroy(&r->lock);
}

static bool has_room(struct http_routes *r)
{
    size_t n = r->n_routes;
    struct route **more;

    if (n >= ROUTES_MAX)
        return false;
    if ((n & (n - 1)) != 0)
        return true;
    more = realloc(r->routes, (n == 0 ? 1 : n * 2) * sizeof(struct route *));
    if (more == NULL)
        return false;
    r->routes = more; /* grows at each power of two */
    return true;
}

bool http_routes_add(struct http_routes *routes, const struct http_route *route)
{
    struct route *r = calloc(1, sizeof(*r));
    char *body = malloc(route->body.len + 1);
    bool is_kept = false;

    if (r == NULL || body == NULL) {
        free(r);
        free(body);
        return false;
    }
    if (route->body.len > 0)
        memcpy(body, route->body.ptr, route->body.len);
    r->said = *route;
    r->said.host = copy_string(route->host);
    r->said.path = copy_string(route->path);
    r->said.type = copy_string(route->type);
    r->said.etag = copy_string(route->etag);
    r->said.last_modified = copy_string(route->last_modified);
    r->said.location = copy_string(route->location);
    r->said.retry_after = copy_string(route->retry_after);
    r->said.headers = copy_string(route->headers);
    r->said.body.ptr = body;
    pthread_mutex_lock(&routes->lock);
    if (r->said.path != NULL && has_room(routes)) {
        routes->routes[routes->n_routes++] = r;
        is_kept = true;
    }
    pthread_mutex_unlock(&routes->lock);
    if (!is_kept)
        route_free(r);
    return is_kept;
}

void http_routes_clear(struct http_routes *r)
{
    pthread_mutex_lock(&r->lock);
    r->first = r->n_routes;
    pthread_mutex_unlock(&r->lock);
}

const struct http_route *http_routes_find(struct http_routes *routes,
                                          const struct http_request *request)
{
    const struct http_route *found = NULL;

    pthread_mutex_lock(&routes->lock);
    for (size_t i = routes->first; i < routes->n_routes && found == NULL; i++) {
        struct route *r = routes->routes[i];

        if (r->said.times != 0 && r->n_used >= r->said.times)
            continue;
        if (r->said.host != NULL && strcasecmp(r->said.host, request->host) != 0)
            continue;
        if (http_path_fits(r->said.path, request->path)) {
            r->n_used++;
            found = &r->said;
        }
    }
    pthread_mutex_unlock(&routes->lock);
    return found;
}
