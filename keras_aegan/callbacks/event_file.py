"""What TensorBoard reads."""

import os
import socket
import struct
import time


class EventFile:
    """One TensorBoard file for numbers and pictures.

    TensorBoard's `EventFileWriter` imports TensorFlow where it is installed,
    and of two files that grow in one folder it may show only one.
    """

    def __init__(self, folder):
        try:
            from tensorboard.compat.proto.event_pb2 import Event
            from tensorboard.summary.writer.record_writer import RecordWriter
        except ImportError as error:
            raise ImportError(
                "`SampleGrid(log_dir=...)` needs TensorBoard: "
                "`pip install tensorboard`"
            ) from error
        now = time.time_ns()
        name = f"{now // 10**9:010d}.{socket.gethostname()}.{os.getpid()}.{now}"
        file = open(folder / f"events.out.tfevents.{name}", "wb")
        self._event, self._records = Event, RecordWriter(file)
        self.close = file.close
        self.add(0, {}, file_version="brain.Event:2")

    def add(self, step, logs, pictures=(), **fields):
        event = self._event(step=step, wall_time=time.time(), **fields)
        for tag, value in logs.items():
            event.summary.value.add(tag=tag, simple_value=float(value))
        for tag, png in dict(pictures).items():
            image = event.summary.value.add(tag=tag).image
            image.width, image.height = struct.unpack(">II", png[16:24])
            image.encoded_image_string = png
        self._records.write(event.SerializeToString())
        self._records.flush()
