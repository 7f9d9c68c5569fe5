"""Pages that show something and need no server and no other file."""

from keras_aegan.pages.files import read as read
from keras_aegan.pages.files import set_aside as set_aside
from keras_aegan.pages.images import is_signed as is_signed
from keras_aegan.pages.page import check_requirement as check_requirement
from keras_aegan.pages.page import page as page
