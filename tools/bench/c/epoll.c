/*
 * An echo server over TCP or UDP, and the load that the servers of the comparisons are put under: one thread, one epoll.
 *
 *   epoll serve [PORT]                                echoes TCP; prints its port
 *   epoll serve-udp                                   echoes datagrams; prints its port
 *   epoll rr   PORT CONNECTIONS BYTES WARMUP OPS AGE  round trips, one in flight on each connection
 *   epoll tput PORT CONNECTIONS BYTES WARMUP OPS AGE  writes of so many bytes, 1 MiB in flight on each connection
 *   epoll cc   PORT CONNECTIONS 0     WARMUP OPS AGE  connect, end, read the end, close; so many at a time
 *   epoll udp  PORT WINDOW      BYTES WARMUP OPS AGE  datagrams, so many in flight
 *
 * The warm-up is followed by a second one when the connections are AGE milliseconds old, unless that is 0: servers do something to connections
 * that last, such as turning keep-alive on, and what is measured comes after that. A load prints "ready" after its warm-up; for each line on
 * its input it works, and prints "done" with the seconds that it took. Before and after nothing is in flight, so that the processor time of
 * the server belongs to the operations exactly.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 1024
#define LARGEST (1 << 20)

static char buffer[LARGEST];
static struct epoll_event events[EVENTS];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static struct sockaddr_in local(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

static void nodelay(int fd) {
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static void watch(int poll, int fd, uint32_t what, uint32_t number) {
  struct epoll_event event = {.events = what, .data.u64 = ((uint64_t)number << 32) | (uint32_t)fd};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

static int event_fd(int i) { return (int)(uint32_t)events[i].data.u64; }
static int event_number(int i) { return (int)(events[i].data.u64 >> 32); }

static int announce(int type, int port) {
  int fd = socket(AF_INET, type, 0), one = 1, large = 1 << 22;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (type == SOCK_DGRAM) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  struct sockaddr_in address = local(port);
  socklen_t size = sizeof address;
  if (bind(fd, (struct sockaddr *)&address, size) < 0) fail("bind");
  if (type == SOCK_STREAM && listen(fd, 4096) < 0) fail("listen");
  getsockname(fd, (struct sockaddr *)&address, &size);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

/* What one connection still has to send back, when its peer does not read. */
struct pending {
  char *bytes;
  size_t from, to;
};

static void serve(int port) {
  static struct pending pending[1 << 16];
  int server = announce(SOCK_STREAM, port), poll = epoll_create1(0);
  nonblocking(server);
  watch(poll, server, EPOLLIN, 0);
  for (;;) {
    int n = epoll_wait(poll, events, EVENTS, -1);
    for (int i = 0; i < n; i++) {
      int fd = event_fd(i);
      if (fd == server) {
        int peer;
        while ((peer = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          nodelay(peer);
          watch(poll, peer, EPOLLIN | EPOLLOUT | EPOLLET, 0);
        }
        continue;
      }
      struct pending *p = &pending[fd];
      for (;;) {
        if (p->from < p->to) {
          ssize_t sent = send(fd, p->bytes + p->from, p->to - p->from, MSG_NOSIGNAL);
          if (sent < 0 && errno == EAGAIN) break;
          if (sent < 0) goto gone;
          p->from += sent;
          continue;
        }
        ssize_t got = recv(fd, buffer, 65536, 0);
        if (got < 0 && errno == EAGAIN) break;
        if (got <= 0) goto gone;
        ssize_t sent = send(fd, buffer, got, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) goto gone;
        if (sent < 0) sent = 0;
        if (sent < got) {
          if (p->bytes == NULL) p->bytes = malloc(65536);
          memcpy(p->bytes, buffer + sent, got - sent);
          p->from = 0;
          p->to = got - sent;
        }
      }
      continue;
    gone:
      p->from = p->to = 0;
      close(fd);
    }
  }
}

static void serve_udp(void) {
  int fd = announce(SOCK_DGRAM, 0);
  struct sockaddr_in from;
  for (;;) {
    socklen_t size = sizeof from;
    ssize_t got = recvfrom(fd, buffer, LARGEST, 0, (struct sockaddr *)&from, &size);
    if (got >= 0) sendto(fd, buffer, got, 0, (struct sockaddr *)&from, size);
  }
}

static int port, connections, bytes;
static int poll;

static int connected(int number, uint32_t what) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = local(port);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  nodelay(fd);
  nonblocking(fd);
  watch(poll, fd, what, number);
  return fd;
}

/* Round trips: each connection begins anew as soon as its answer is whole, until enough are under way. */
static void round_trips(int *fds, int *missing, long ops) {
  long begun = 0, done = 0;
  for (int c = 0; c < connections && begun < ops; c++, begun++) {
    missing[c] = bytes;
    if (send(fds[c], buffer, bytes, MSG_NOSIGNAL) != bytes) fail("send");
  }
  while (done < ops) {
    int n = epoll_wait(poll, events, EVENTS, 10000);
    if (n == 0) fail("no answer for ten seconds");
    for (int i = 0; i < n; i++) {
      int c = event_number(i);
      ssize_t got = recv(fds[c], buffer + 65536, missing[c], 0);
      if (got == 0) fail("closed");
      if (got < 0) continue;
      if ((missing[c] -= got) > 0) continue;
      done++;
      if (begun == ops) continue;
      begun++;
      missing[c] = bytes;
      if (send(fds[c], buffer, bytes, MSG_NOSIGNAL) != bytes) fail("send");
    }
  }
}

/* Streams: so many bytes in all go out on all connections, and come back. */
static void streams(int *fds, long ops) {
  long total = ops * bytes, each = total / connections;
  long *sent = calloc(connections, sizeof *sent), *back = calloc(connections, sizeof *back);
  for (int c = 0; c < connections; c++) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u64 = ((uint64_t)c << 32) | (uint32_t)fds[c]};
    epoll_ctl(poll, EPOLL_CTL_MOD, fds[c], &event);
  }
  int done = 0;
  while (done < connections) {
    int n = epoll_wait(poll, events, EVENTS, 10000);
    if (n == 0) fail("no bytes for ten seconds");
    for (int i = 0; i < n; i++) {
      int c = event_number(i);
      if (events[i].events & EPOLLIN) {
        ssize_t got = recv(fds[c], buffer, 1 << 18, 0);
        if (got == 0) fail("closed");
        if (got > 0 && (back[c] += got) == each) done++;
      }
      long room = (1 << 20) - (sent[c] - back[c]);
      long left = each - sent[c];
      long some = bytes < left ? bytes : left;
      if (some > 0 && room >= some) {
        ssize_t went = send(fds[c], buffer, some, MSG_NOSIGNAL);
        if (went > 0) sent[c] += went;
      }
      int full = sent[c] == each || (1 << 20) - (sent[c] - back[c]) < bytes;
      struct epoll_event event = {.events = EPOLLIN | (full ? 0 : EPOLLOUT), .data.u64 = events[i].data.u64};
      epoll_ctl(poll, EPOLL_CTL_MOD, fds[c], &event);
    }
  }
  free(sent);
  free(back);
}

static void connects(long ops) {
  long begun = 0, done = 0;
  for (int c = 0; c < connections && begun < ops; c++, begun++) shutdown(connected(c, EPOLLIN), SHUT_WR);
  while (done < ops) {
    int n = epoll_wait(poll, events, EVENTS, 10000);
    if (n == 0) fail("not closed for ten seconds");
    for (int i = 0; i < n; i++) {
      int fd = event_fd(i);
      if (recv(fd, buffer, 64, 0) != 0) continue;
      close(fd);
      done++;
      if (begun == ops) continue;
      begun++;
      shutdown(connected(0, EPOLLIN), SHUT_WR);
    }
  }
}

/* Datagrams: what was lost is sent again. */
static void datagrams(int fd, long ops) {
  long begun = 0, done = 0;
  for (int c = 0; c < connections && begun < ops; c++, begun++) send(fd, buffer, bytes, 0);
  while (done < ops) {
    int n = epoll_wait(poll, events, EVENTS, 100);
    if (n == 0) {
      for (long lost = begun - done; lost > 0; lost--) send(fd, buffer, bytes, 0);
      continue;
    }
    while (recv(fd, buffer + 65536, 65536, MSG_DONTWAIT) >= 0) {
      done++;
      if (begun == ops) continue;
      begun++;
      send(fd, buffer, bytes, 0);
    }
  }
}

static void work(const char *kind, int *fds, int *missing, long ops) {
  if (ops == 0) return;
  if (strcmp(kind, "rr") == 0) round_trips(fds, missing, ops);
  else if (strcmp(kind, "tput") == 0) streams(fds, ops);
  else if (strcmp(kind, "cc") == 0) connects(ops);
  else datagrams(fds[0], ops);
}

int main(int argc, char **argv) {
  if (argc >= 2 && strcmp(argv[1], "serve") == 0) serve(argc == 3 ? atoi(argv[2]) : 0);
  if (argc == 2 && strcmp(argv[1], "serve-udp") == 0) serve_udp();
  if (argc != 8) {
    fprintf(stderr, "epoll serve [PORT] | serve-udp | rr|tput|cc|udp PORT CONNECTIONS BYTES WARMUP OPS AGE\n");
    return 2;
  }
  const char *kind = argv[1];
  port = atoi(argv[2]), connections = atoi(argv[3]), bytes = atoi(argv[4]);
  long warmup = atol(argv[5]), ops = atol(argv[6]);
  int *fds = calloc(connections + 1, sizeof *fds), *missing = calloc(connections + 1, sizeof *missing);
  poll = epoll_create1(0);
  /* Lines, so that a server of lines answers each message. */
  memset(buffer, 'x', LARGEST);
  if (bytes > 0) buffer[bytes - 1] = '\n';
  if (strcmp(kind, "udp") == 0) {
    struct sockaddr_in address = local(port);
    fds[0] = socket(AF_INET, SOCK_DGRAM, 0);
    if (connect(fds[0], (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    watch(poll, fds[0], EPOLLIN, 0);
  } else if (strcmp(kind, "cc") != 0) {
    for (int c = 0; c < connections; c++) fds[c] = connected(c, EPOLLIN);
  }
  double connected_at = now(), age = atol(argv[7]) / 1e3;
  work(kind, fds, missing, warmup);
  if (age > 0) {
    double left = connected_at + age - now();
    if (left > 0) usleep((useconds_t)(left * 1e6));
    work(kind, fds, missing, warmup);
  }
  printf("ready\n");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    double begin = now();
    work(kind, fds, missing, ops);
    printf("done %.9f\n", now() - begin);
    fflush(stdout);
  }
  return 0;
}
