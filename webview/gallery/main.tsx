import { createRoot } from 'react-dom/client';
import type { GalleryToHost, HostToGallery } from '../../src/protocol/gallery';
import { connect } from '../bridge';
import { selectFieldsOnce } from '../ui/selectAll';
import { GalleryApp } from './galleryApp';
import { isHostToGallery } from './hostMessages';
import type { Look } from './look';
import './gallery.css';

const bridge = connect<HostToGallery, GalleryToHost, Look>(isHostToGallery);

selectFieldsOnce();

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element with the id "root" to draw the gallery in');
createRoot(root).render(
  <GalleryApp
    post={(message) => bridge.post(message)}
    listen={(listener) => bridge.onMessage(listener)}
    remembered={bridge.remembered()}
    remember={(look) => bridge.remember(look)}
  />,
);
