/* listen.c - see listen.h. */
#include "tests/support/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum ww_status listen_open(const char *address, unsigned *port, int *fd, struct ww_error *err)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    socklen_t len = sizeof(in);
    int on = 1;
    int s;

    *fd = -1;
    if (inet_pton(AF_INET, address, &in.sin_addr) != 1)
        return ww_fail(err, WW_INVALID, "%s is no IPv4 address", address);
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0)
        return ww_fail(err, WW_UNREACHABLE, "no socket: %s", strerror(errno));
    fcntl(s, F_SETFD, FD_CLOEXEC);
    fcntl(s, F_SETFL, O_NONBLOCK); /* a connection may be gone before it is accepted */
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(s, (struct sockaddr *)&in, sizeof(in)) != 0 || listen(s, 256) != 0 ||
        getsockname(s, (struct sockaddr *)&in, &len) != 0) {
        ww_fail(err, WW_UNREACHABLE, "cannot listen on %s:%u: %s", address, *port, strerror(errno));
        close(s);
        return WW_UNREACHABLE;
    }
    *port = ntohs(in.sin_port);
    *fd = s;
    return WW_OK;
}
