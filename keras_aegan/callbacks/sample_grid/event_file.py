"""Files that TensorBoard reads."""

import contextlib
import io
import os
import socket
import struct
import time

from keras_aegan import extras


class EventFile:
    """One TensorBoard file for numbers and pictures.

    TensorBoard's `EventFileWriter` imports TensorFlow where it is installed,
    and of two files that grow in one folder it may show only one. This one has
    whole records only, also if the disk is full.

    Args:
        directory: `pathlib.Path` of a folder that exists.

    Raises:
        ImportError: if TensorBoard is missing.
        OSError: if the file cannot be written.
    """

    def __init__(self, directory):
        with extras.required(
            "`SampleGrid(log_dir=...)` needs TensorBoard", "tensorboard"
        ):
            from tensorboard.compat.proto.event_pb2 import Event
            from tensorboard.summary.writer.record_writer import RecordWriter
        now = time.time_ns()
        name = f"{now // 10**9:010d}.{socket.gethostname()}.{os.getpid()}.{now}"
        self._path = directory / f"events.out.tfevents.{name}"
        self._event, self._writer = Event, RecordWriter
        self.add(0, {}, file_version="brain.Event:2")

    def add(self, step, logs, pictures=(), **fields):
        """Write numbers and pictures of an epoch.

        Args:
            step: Integer, the number of the epoch.
            logs: Dict from name to number.
            pictures: Dict from name to the bytes of a PNG file.
            **fields: Further fields of TensorBoard's `Event`.

        Raises:
            OSError: if the file cannot be written; what was there then stays.
        """
        event = self._event(step=step, wall_time=time.time(), **fields)
        for tag, value in logs.items():
            event.summary.value.add(tag=tag, simple_value=float(value))
        for tag, png in dict(pictures).items():
            image = event.summary.value.add(tag=tag).image
            image.width, image.height = struct.unpack(">II", png[16:24])
            image.encoded_image_string = png
        record = io.BytesIO()
        self._writer(record).write(event.SerializeToString())
        self._append(record.getvalue())

    def _append(self, record):
        size = self._path.stat().st_size if self._path.exists() else 0
        try:
            with open(self._path, "ab") as file:
                file.write(record)
        except OSError:
            # TensorBoard reads no further than a record that is cut off.
            with contextlib.suppress(OSError):
                os.truncate(self._path, size)
            raise
