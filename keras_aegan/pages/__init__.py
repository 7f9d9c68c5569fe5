"""Pages that show something and need no server and no other file."""

from keras_aegan.pages.files import read as read
from keras_aegan.pages.files import set_aside as set_aside
from keras_aegan.pages.frame import page as page
from keras_aegan.pages.samples import needed as needed
from keras_aegan.pages.samples import picture as picture
