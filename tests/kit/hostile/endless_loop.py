# tries: never to answer, whatever it is sent
# grader: stops it by a signal that can't be ignored
# says: No answer within 0.5 s
# hangs: in the call

# %% sigmoid
import signal

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)


def sigmoid(h_tilde):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
